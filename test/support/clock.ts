import { Clock } from '../../src/clock.js';

/** Real time, moved by as much as a test likes, or steps instead of it. */
export class TestClock extends Clock {
  #offset = 0;
  #stoppedAt: number | undefined;

  override now(): Date {
    if (this.#stoppedAt === undefined) return new Date(Date.now() + this.#offset);
    return new Date(++this.#stoppedAt + this.#offset);
  }

  /** Moves time forward (or back). */
  advance(ms: number): void {
    this.#offset += ms;
  }

  /**
   * From now on time moves by {@link advance}, and by a millisecond at each look, because ids sort
   * by it. What is promised for some seconds after something is then not decided by how long a busy
   * machine takes for the requests in between.
   */
  stop(): void {
    this.#stoppedAt ??= Date.now();
  }
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
