import { readdirSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const TASKS = '/proc/self/task';
/** A thread that used so much CPU while one hash was made has made it, in nanoseconds. */
const MADE_A_HASH = 30e6;
/** Threads of libuv's pool when UV_THREADPOOL_SIZE does not say otherwise. */
const USUAL_POOL = 4;
/** After so many hashes the threads that work are known; fast ones are never recognised. */
const OBSERVED = 64;

/**
 * Gives the pool threads that hash passwords the lowest priority, so that a flood of sign-ins
 * leaves the event loop its core: measured, other requests wait some milliseconds at most instead
 * of some ten, and no fewer hashes are made. Only on Linux; elsewhere nothing happens.
 *
 * libuv does not tell which threads are its pool's, so the first hashes are watched: whichever
 * thread used the CPU meanwhile made them.
 */
export class HashThreads {
  readonly #lowered = new Set<string>();
  #observed = 0;

  constructor(private readonly poolSize = USUAL_POOL) {}

  /** Runs `work`, which makes one hash. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#lowered.size >= this.poolSize || this.#observed >= OBSERVED) return work();
    this.#observed++;
    const before = cpuTimes();
    const result = await work();
    for (const [thread, used] of cpuTimes()) {
      if (used - (before.get(thread) ?? used) < MADE_A_HASH) continue;
      if (Number(thread) === process.pid || this.#lowered.has(thread)) continue;
      this.#lowered.add(thread);
      // setpriority(2) takes the id of a thread on Linux.
      setPriority(Number(thread), constants.priority.PRIORITY_LOW);
    }
    return result;
  }
}

/** CPU nanoseconds each thread of this process has used; empty where there is no /proc. */
function cpuTimes(): Map<string, number> {
  const times = new Map<string, number>();
  try {
    for (const thread of readdirSync(TASKS)) {
      times.set(thread, Number(readFileSync(`${TASKS}/${thread}/schedstat`, 'utf8').split(' ')[0]));
    }
  } catch {
    return times; // another system, or a thread that has just ended
  }
  return times;
}
