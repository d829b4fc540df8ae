import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { on } from 'node:events';

/** One bash that lines are pasted into, so that later ones find the variables of earlier ones. */
export class Shell {
  readonly #bash: ChildProcessWithoutNullStreams;
  #output = '';

  /** @param env variables beside PATH; nothing else of this process reaches the lines */
  constructor(cwd: string, env: Record<string, string> = {}) {
    this.#bash = spawn('bash', ['--noprofile', '--norc'], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
    });
    for (const stream of [this.#bash.stdout, this.#bash.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    }
  }

  /** Runs the lines and gives what they printed. */
  async paste(lines: string): Promise<string> {
    const mark = randomUUID();
    this.#output = '';
    this.#bash.stdin.write(`${lines}\necho ${mark}\n`);
    for await (const _ of on(this.#bash.stdout, 'data', { close: ['end'] })) {
      if (this.#output.includes(mark)) return this.#output.split(mark)[0]!.trim();
    }
    throw new Error(`bash ended: ${this.#output}`);
  }

  end(): void {
    this.#bash.stdin.end();
  }
}
