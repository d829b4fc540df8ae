import { CounterFamily } from '../../common/metrics/counter.js';
import { GaugeFamily } from '../../common/metrics/gauge.js';
import { HistogramFamily } from '../../common/metrics/histogram.js';

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
  readonly #seconds = new HistogramFamily(
    'latchkey_password_hash_seconds',
    'Time of a password hash or comparison, without the wait for it.',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  );
  readonly #refused = new CounterFamily(
    'latchkey_password_hashes_refused_total',
    'Password hashes refused (503) because too many waited.',
  );
  readonly metrics = [
    this.#seconds,
    this.#refused,
    new GaugeFamily(
      'latchkey_password_hashes_waiting',
      'Password hashes that wait for a free core.',
      () => this.#waiting.length,
    ),
  ];
  #running = 0;

  constructor(
    private readonly concurrency: number,
    private readonly maxWaiting = MAX_WAITING,
    private readonly longestWait = LONGEST_WAIT,
  ) {}

  /** True when one more piece of work would be refused. */
  get full(): boolean {
    return this.#running >= this.concurrency && this.#waiting.length >= this.maxWaiting;
  }

  /**
   * Rejects with {@link WaitedTooLong} or as the work does. Undefined, without running the work,
   * when the queue is full.
   */
  add<Result>(work: () => Promise<Result>): Promise<Result> | undefined {
    if (this.full) {
      this.#refused.with().add();
      return undefined;
    }
    return this.#run(work);
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    const came = performance.now();
    if (this.#running >= this.concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve)); // takes over a place
    } else {
      this.#running++;
    }
    const since = performance.now();
    try {
      if (since - came > this.longestWait) throw new WaitedTooLong();
      return await work();
    } finally {
      this.#seconds.with().observe((performance.now() - since) / 1000);
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
