import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.js';
import type { CapturedMail } from './server.js';

export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** For a process that cannot say which one it has picked. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** The built server as a process of its own, for what only a process can show. */
export class ServerProcess extends Client {
  private constructor(
    url: string,
    readonly dataDir: string,
    readonly child: ChildProcess,
    /** Every line of standard output so far. */
    readonly lines: string[],
  ) {
    super(url);
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
        PORT: '0',
        BCRYPT_COST: '4',
        RATE_LIMITS: 'off',
        DATA_DIR: dataDir,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
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
      child.once('exit', (code) => reject(new Error(`The server exited with ${code}: ${errors}`)));
    });
    return new ServerProcess(url, dataDir, child, lines);
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

  /** Sends the signal and waits for the end; gives the exit code, or the signal it died of. */
  end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) {
      return Promise.resolve(this.child.exitCode ?? this.child.signalCode);
    }
    return new Promise((resolve) => {
      this.child.once('exit', (code, died) => resolve(code ?? died));
      this.child.kill(signal);
    });
  }

  async dispose(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
