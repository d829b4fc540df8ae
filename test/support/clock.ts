import { Clock } from '../../src/clock.js';

/** Real time, moved by as much as a test likes. */
export class TestClock extends Clock {
  #offset = 0;

  override now(): Date {
    return new Date(Date.now() + this.#offset);
  }

  /** Moves time forward (or back). */
  advance(ms: number): void {
    this.#offset += ms;
  }
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
