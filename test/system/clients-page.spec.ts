import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, examplesOf, expectShown, run } from '../support/documented.js';
import { ServerProcess } from '../support/process.js';

/** docs/clients.md goes on where the README ends. Its authenticator app is oathtool. */
const before = examplesOf('README.md');
const examples = examplesOf('docs/clients.md');

describe('docs/clients.md', () => {
  let server: ServerProcess;
  let outputs: string[];

  beforeAll(async () => {
    server = await ServerProcess.start({ MAIL_CODE_LOGIN: 'on' });
    outputs = run([...before, ...examples], server).slice(before.length);
  }, 240_000);
  afterAll(() => server?.dispose());

  it('shows the exchanges of every way to sign in', () => {
    const commands = examples.map(({ command }) => command).join('');
    for (const path of [
      '/auth/login',
      '/auth/refresh',
      '/auth/login?session=cookie',
      '/auth/login/code/verify',
      '/auth/reauthenticate',
      '/auth/mfa/verify',
      '/auth/api-keys',
      '/auth/gateway',
      '/auth/introspect',
      '/auth/revocations',
    ]) {
      expect(commands).toContain(path);
    }
  });

  const shown = examples
    .map((example, i): [string, number, Example] => [
      example.command.trim().split('\n').at(-1)!,
      i,
      example,
    ])
    .filter(([, , { kind }]) => kind);
  it.each(shown)('shows what this answers: %s', (_title, i, example) => {
    expectShown(outputs[i]!, example, server);
  });
});
