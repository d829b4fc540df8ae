import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli/', import.meta.url));

export interface ToolRun {
  code: number | null;
  output: string;
  errors: string;
}

/**
 * Starts a built command-line tool on this data folder, as another process.
 *
 * @param env variables beside those every tool is given here
 * @param input what it reads from standard input
 */
export function startTool(
  name: string,
  args: readonly string[],
  dataDir: string,
  env: Record<string, string> = {},
  input = '',
): { child: ChildProcess; done: Promise<ToolRun> } {
  const child = spawn(process.execPath, [`${CLI}${name}.js`, ...args], {
    cwd: CLI,
    env: {
      PATH: process.env.PATH,
      MODE: 'development',
      BCRYPT_COST: '4',
      DATA_DIR: dataDir,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdin.on('error', () => {}); // it need not read
  child.stdin.end(input);
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const done = new Promise<ToolRun>((resolve) => {
    child.on('close', (code) => resolve({ code, output, errors }));
  });
  return { child, done };
}
