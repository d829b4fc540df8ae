import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from './tool.js';

/**
 * A password from whoever runs the tool: typed twice without being shown, or the first line of
 * standard input when that is no terminal.
 *
 * @throws UsageError when there is none, or the two differ
 */
export async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return requireSome(await firstLine());
  const first = requireSome(await ask('Password: '));
  if ((await ask('Once more: ')) !== first) throw new UsageError('The two passwords differ.');
  return first;
}

function requireSome(password: string): string {
  if (password === '') throw new UsageError('No password was given.');
  return password;
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return '';
}

function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve) => {
    terminal.question('', (answer) => {
      terminal.close();
      process.stderr.write('\n');
      resolve(answer);
    });
  });
}
