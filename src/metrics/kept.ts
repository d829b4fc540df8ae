import type { Clock } from '../clock.js';

/** A value that is read again once it is some time old. Who asks meanwhile shares one reading. */
export class Kept<Value> {
  #reading: Promise<Value> | undefined;
  #readAt = 0;

  /** @param forMs how long a reading is kept, in milliseconds */
  constructor(
    private readonly clock: Clock,
    private readonly forMs: number,
    private readonly read: () => Promise<Value>,
  ) {}

  get(): Promise<Value> {
    const now = this.clock.now().getTime();
    if (this.#reading && Math.abs(now - this.#readAt) < this.forMs) return this.#reading;
    this.#readAt = now;
    const reading = this.read();
    this.#reading = reading;
    reading.catch(() => {
      if (this.#reading === reading) this.#reading = undefined; // a failure is not kept
    });
    return reading;
  }
}
