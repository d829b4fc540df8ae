import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from './server.mjs';

/** How many violations are told in words; the others are counted. */
const TOLD = 10;

/** What one trial has at hand, and what it found. Everything it started ends with it. */
export class Trial {
  /** Texts of the first violations. */
  violations = [];
  violationCount = 0;
  /** What was measured: text by name, in the order it came. */
  numbers = {};
  #folder;
  #folders = 0;
  #cleanUps = [];

  /**
   * @param options short (boolean), long (boolean), times (number or undefined)
   * @param say prints a line of progress
   */
  constructor(name, options, say) {
    this.name = name;
    this.options = options;
    this.say = say;
    this.#folder = mkdtempSync(join(tmpdir(), `latchkey-trial-${name}-`));
  }

  /** How many or how long: `--times` wins where the trial counts rounds. */
  size({ short, full, long = full }) {
    return this.options.short ? short : this.options.long ? long : full;
  }

  rounds(sizes) {
    return this.options.times ?? this.size(sizes);
  }

  /** An empty folder that lives as long as the trial. */
  folder() {
    const folder = join(this.#folder, String(++this.#folders));
    mkdirSync(folder);
    return folder;
  }

  violation(text) {
    this.violationCount++;
    this.say(`VIOLATION: ${text}`);
    if (this.violations.length < TOLD) this.violations.push(text);
  }

  /** A violation unless it holds. */
  expect(holds, text) {
    if (!holds) this.violation(text);
    return Boolean(holds);
  }

  /** A violation unless the answer has one of these statuses. */
  expectStatus(answer, statuses, what) {
    return this.expect(
      [statuses].flat().includes(answer.status),
      `${what}: ${answer.status} instead of ${statuses}: ${answer.text.slice(0, 200)}`,
    );
  }

  number(name, value) {
    this.numbers[name] = String(value);
  }

  /** Calls it when the trial is over, whatever happened. */
  afterwards(work) {
    this.#cleanUps.push(work);
  }

  /**
   * Starts the built server, and waits until it is ready. Its end is a violation unless the trial
   * asked for it with `server.end`.
   */
  async start(env = {}, { dataDir = this.folder(), command } = {}) {
    const server = await this.launch(env, { dataDir, command });
    server.startMs = await server.ready();
    return server;
  }

  /** {@link start} without waiting. */
  async launch(env, { dataDir, command }) {
    const server = await Server.launch(dataDir, env, { command });
    this.afterwards(() => server.end('SIGKILL'));
    void server.ended.then((how) => {
      if (!server.ending) this.violation(`the process died (${how}): ${server.lastWords()}`);
    });
    return server;
  }

  /** Runs a program to its end, at most so long. Gives its exit code (or signal) and its output. */
  run(command, args, { env = process.env, input = '', cwd, longest = 120_000 } = {}) {
    const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    this.afterwards(() => child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.stdin.on('error', () => {}); // it need not read
    child.stdin.end(input);
    const timer = setTimeout(() => child.kill('SIGKILL'), longest);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        resolve({ how: signal ?? code, output });
      });
    });
  }

  async dispose() {
    for (const work of this.#cleanUps.reverse()) await work();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
