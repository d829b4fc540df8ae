import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.js';
import { freePort } from './ports.js';
import type { CapturedMail } from './server.js';

export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The built server as a process of its own, for what only a process can show. */
export class ServerProcess extends Client {
  readonly #closed: Promise<unknown>;

  private constructor(
    url: string,
    readonly dataDir: string,
    readonly child: ChildProcess,
    /** Every line of standard output so far. */
    readonly lines: string[],
    closed: Promise<unknown>,
  ) {
    super(url);
    this.#closed = closed;
  }

  /** Starts `node dist/main.js` and waits until it listens. */
  static async start(
    env: Record<string, string> = {},
    dataDir = mkdtempSync(join(tmpdir(), 'latchkey-process-')),
  ): Promise<ServerProcess> {
    const lines: string[] = [];
    const child = spawn(process.execPath, [MAIN], {
      cwd: dataDir,
      env: {
        PATH: process.env.PATH,
        MODE: 'development',
        PORT: env.PORT ?? String(await freePort()),
        BCRYPT_COST: '4',
        RATE_LIMITS: 'off',
        DATA_DIR: dataDir,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const closed = once(child, 'close');
    let errors = '';
    child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      let rest = '';
      child.stdout!.on('data', (chunk: Buffer) => {
        const parts = (rest + chunk.toString()).split('\n');
        rest = parts.pop()!;
        for (const line of parts) {
          lines.push(line);
          const listening = /"listening":"([^"]+)"/.exec(line)?.[1];
          if (listening) resolve(`http://${listening}`);
        }
      });
      // Not 'exit': what it has written may still be on its way then.
      child.once('close', (code) => reject(new Error(`The server exited with ${code}: ${errors}`)));
    });
    return new ServerProcess(url, dataDir, child, lines, closed);
  }

  /** The newest mail of the address, waited for: a busy machine may need minutes. */
  async mail(to: string): Promise<CapturedMail> {
    const path = `/dev/mail/latest?wait=30&to=${encodeURIComponent(to)}`;
    for (let left = 3; ; left--) {
      const { status, body, text } = await this.get(path);
      if (status === 200) return body;
      if (left === 0) throw new Error(`No mail has reached ${to}: ${text}`);
    }
  }

  /** The facts of the first line it has logged that holds this one. */
  logged(fact: string): Record<string, any> | undefined {
    const line = this.lines.find((text) => text.includes(`"${fact}":`));
    return line === undefined ? undefined : JSON.parse(line);
  }

  /**
   * Sends the signal and waits for the end, and for all it has written; gives the exit code, or the
   * signal it died of.
   */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    await this.#closed;
    return this.child.exitCode ?? this.child.signalCode;
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
