import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Limits are on, as they are for everybody, and never reached. */
const FAR_LIMITS = {
  LIMIT_GENERAL: '9999999/1s',
  LIMIT_REGISTER: '9999999/1h',
  LIMIT_API_KEY: '9999999/1s',
};
const TICKS_PER_SECOND = 100; // _SC_CLK_TCK on Linux

/** Everything that was started and not yet stopped: ended when the bench ends, however it does. */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

function track(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/**
 * The built server on a data folder. Its log goes to a file: a pipe would be read by the process
 * that measures.
 *
 * @param options {dataDir, logFd, env, nodeArgs}
 * @returns {pid, port, startMs, stop()}
 */
export async function startLatchkey({ dataDir, logFd, env = {}, nodeArgs = [], port }) {
  const began = performance.now();
  const child = track(
    spawn(process.execPath, [...nodeArgs, 'dist/main.js'], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        MODE: 'development',
        ...FAR_LIMITS,
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: dataDir,
        ...env,
      },
      stdio: ['ignore', logFd, 'inherit'],
    }),
  );
  await answering(port, '/health/live', child);
  return { pid: child.pid, port, startMs: performance.now() - began, stop: () => stop(child) };
}

/** A port nobody listens on at this moment. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A server of bench/limits: it sends its port once it listens. */
export async function startLimit(file, data) {
  const child = track(fork(new URL(`../limits/${file}`, import.meta.url)));
  child.send(data);
  const [port] = await once(child, 'message');
  return { pid: child.pid, port, stop: () => stop(child) };
}

/**
 * Runs a load generator with an order, and measures what `pid` used meanwhile.
 *
 * @param generator `load.mjs`, which does little but write and read sockets, or `cannon.mjs`
 */
export async function drive(order, pid, generator = 'load.mjs') {
  const child = track(fork(new URL(generator, import.meta.url)));
  const exited = once(child, 'exit');
  const before = pid === undefined ? 0 : cpuMs(pid);
  child.send(order);
  const [result] = await once(child, 'message');
  const used = pid === undefined ? 0 : cpuMs(pid) - before;
  await exited;
  return { ...result, cpuUs: (used * 1000) / Math.max(1, result.count) };
}

async function stop(child) {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function answering(port, path, child) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server exited with ${child.exitCode}.`);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      if (answer.ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** CPU time of a process and its threads, in milliseconds. */
export function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory in MB. */
export function rssMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}
