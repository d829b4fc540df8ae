import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';

export const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

/** Longest start, in milliseconds: on the busiest machine it is over long before. */
const LONGEST_START = 60_000;

/** The built server as a process of its own. Make one with `trial.start`. */
export class Server extends Client {
  /** True once the trial has told it to end: from then on its end is no surprise. */
  ending = false;

  constructor(port, dataDir, child, log) {
    super(port);
    this.dataDir = dataDir;
    this.child = child;
    /** File of everything it printed. */
    this.log = log;
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? code));
    });
  }

  /**
   * @param command what to run; the server itself unless told
   * @returns at once, before it listens
   */
  static async launch(dataDir, env, { command = [process.execPath, MAIN] } = {}) {
    const port = await freePort();
    const log = join(dataDir, 'server.log');
    const output = openSync(log, 'a');
    const child = spawn(command[0], command.slice(1), {
      cwd: dataDir,
      env: {
        PATH: process.env.PATH,
        MODE: 'development',
        PORT: String(port),
        // The same after each start, because tokens name it.
        PUBLIC_URL: 'http://localhost:4990',
        BCRYPT_COST: '4',
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'warn',
        DATA_DIR: dataDir,
        ...env,
      },
      stdio: ['ignore', output, output, 'ipc'],
    });
    closeSync(output);
    return new Server(port, dataDir, child, log);
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves with the milliseconds since the launch when it says that it can serve. */
  async ready() {
    const begun = performance.now();
    for (;;) {
      if (!this.running) throw new Error(`The server did not start: ${this.lastWords()}`);
      if (performance.now() - begun > LONGEST_START) throw new Error('The server does not start.');
      const answer = await this.get('/health/ready').catch(() => undefined);
      if (answer?.status === 200) return performance.now() - begun;
      await sleep(10);
    }
  }

  /** Sends the signal and waits for the end; gives the exit code, or the signal it died of. */
  async end(signal = 'SIGTERM') {
    this.ending = true;
    this.close();
    if (this.running) this.child.kill(signal);
    return this.ended;
  }

  /** The newest mail of the address in the mailbox for development, waited for. */
  async mail(to) {
    const answer = await this.get(`/dev/mail/latest?wait=30&to=${encodeURIComponent(to)}`);
    if (answer.status !== 200) throw new Error(`No mail has reached ${to}: ${answer.text}`);
    return answer.body;
  }

  /** Bytes of memory in use. */
  rss() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024; // one that has ended has none
  }

  openFiles() {
    return readdirSync(`/proc/${this.child.pid}/fd`).length;
  }

  lastWords() {
    return readFileSync(this.log, 'utf8').trim().split('\n').slice(-3).join(' | ').slice(0, 2000);
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
