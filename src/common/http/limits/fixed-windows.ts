import { Windows } from './windows.js';

export interface Window {
  /** Hits since it began, also those over the limit. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** Counts hits per key in {@link Windows} of one length. */
export class FixedWindows {
  readonly #windows: Windows<{ count: number; endsAt: number }>;

  constructor(windowMs: number, capacity = 50_000) {
    this.#windows = new Windows(windowMs, capacity, (endsAt) => ({ count: 0, endsAt }));
  }

  /** Counts a hit. */
  hit(key: string, now: number): Window {
    const window = this.#windows.enter(key, now);
    window.count++;
    return window;
  }

  /** The running window of a key, without a hit. */
  peek(key: string, now: number): Window | undefined {
    return this.#windows.peek(key, now);
  }

  /** Keys that are held, also those whose window has ended. */
  get size(): number {
    return this.#windows.size;
  }
}
