/** Longest queue: on two cores and cost 10 about four seconds of work. */
const MAX_WAITING = 128;

/** Longest wait, in milliseconds: with a high work factor or a busy machine it comes first. */
const LONGEST_WAIT = 15_000;

/** The work was not begun: it had waited too long, and whoever asked has most likely left. */
export class WaitedTooLong extends Error {}

/**
 * Runs as many pieces of work at once as there are cores, and lets a bounded number wait: past
 * that, more waiting would only make everybody too late. Keeps password hashing from taking every
 * thread of the pool.
 */
export class HashQueue {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(
    private readonly concurrency: number,
    private readonly maxWaiting = MAX_WAITING,
    private readonly longestWait = LONGEST_WAIT,
  ) {}

  /** Rejects with {@link WaitedTooLong} or as the work does. Undefined, without running the work, when the queue is full. */
  add<Result>(work: () => Promise<Result>): Promise<Result> | undefined {
    if (this.#running >= this.concurrency && this.#waiting.length >= this.maxWaiting)
      return undefined;
    return this.#run(work);
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    const since = performance.now();
    if (this.#running >= this.concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve)); // takes over a place
    } else {
      this.#running++;
    }
    try {
      if (performance.now() - since > this.longestWait) throw new WaitedTooLong();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
