import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplesOf, expectShown, run } from './support/documented.js';
import { ServerProcess } from './support/process.js';

const examples = examplesOf('README.md');

describe('the README', () => {
  let server: ServerProcess;
  let outputs: string[];

  beforeAll(async () => {
    server = await ServerProcess.start();
    outputs = run(examples, server);
  });
  afterAll(() => server?.dispose());

  it('has a story of at least eight commands, each with its answer', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8);
    expect(examples.filter(({ kind }) => kind === undefined)).toEqual([]);
  });

  it.each(
    examples.map((example, i) => [example.command.trim().split('\n').at(-1), i, example] as const),
  )('shows what this answers: %s', (_title, i, example) => {
    expectShown(outputs[i]!, example, server);
  });
});
