/** Longest queue: on two cores and cost 10 about four seconds of work. */
const MAX_WAITING = 128;

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
  ) {}

  /** True when one more piece of work would be refused. */
  get full(): boolean {
    return this.#running >= this.concurrency && this.#waiting.length >= this.maxWaiting;
  }

  /** Undefined, without running the work, when the queue is full. */
  add<Result>(work: () => Promise<Result>): Promise<Result> | undefined {
    if (this.full) return undefined;
    return this.#run(work);
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve)); // takes over a place
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
