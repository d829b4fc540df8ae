import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from './support/process.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const MARK = '---- next ----';

/** Each ```sh block of the README, with the block that shows its answer. */
const examples = [
  ...readFileSync(`${root}README.md`, 'utf8').matchAll(
    /```sh\n([^]*?)```\s+```(json|text)\n([^]*?)```/g,
  ),
].map(([, command, kind, answer]) => ({ command: command!, kind, answer: answer!.trim() }));

describe('the README', () => {
  let server: ServerProcess;
  let outputs: string[];

  beforeAll(async () => {
    server = await ServerProcess.start();
    const host = new URL(server.url).host;
    // One shell for all of them, as a reader has: variables go on.
    const script = examples.map(({ command }) => `${command}\necho\necho '${MARK}'`).join('\n');
    const shell = spawnSync('bash', ['-c', script.replaceAll('localhost:3000', host)], {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        MODE: 'development',
        DATA_DIR: server.dataDir,
        BCRYPT_COST: '4',
        PORT: new URL(server.url).port,
      },
    });
    outputs = shell.stdout.split(MARK).map((output) => output.trim());
  });
  afterAll(() => server.dispose());

  it('has a story of at least eight commands', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8);
  });

  it.each(
    examples.map((example, i) => [example.command.trim().split('\n').at(-1), i, example] as const),
  )('shows what this answers: %s', (_title, i, { kind, answer }) => {
    if (kind === 'text') expect(outputs[i]).toBe(answer);
    else
      expectLike(
        JSON.parse(outputs[i]!),
        JSON.parse(answer.replaceAll('localhost:3000', `localhost:${new URL(server.url).port}`)),
      );
  });
});

/** Equal, except that `…` stands for anything. */
function expectLike(actual: unknown, shown: unknown): void {
  if (shown === '…') return expect(actual).toBeTruthy() as void;
  if (Array.isArray(shown)) {
    expect(actual).toHaveLength(shown.length);
    shown.forEach((item, i) => expectLike((actual as unknown[])[i], item));
  } else if (typeof shown === 'object' && shown !== null) {
    expect(Object.keys(actual as object).sort()).toEqual(Object.keys(shown).sort());
    for (const [name, value] of Object.entries(shown))
      expectLike((actual as Record<string, unknown>)[name], value);
  } else if (typeof shown === 'string' && shown.includes('…')) {
    const [before, after] = shown.split('…') as [string, string];
    expect(actual).toMatch(new RegExp(`^${before.replaceAll(/[^\w]/g, '\\$&')}.+${after}$`));
  } else {
    expect(actual).toEqual(shown);
  }
}
