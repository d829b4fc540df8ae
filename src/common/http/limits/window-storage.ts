import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Clock } from '../../../clock.js';
import { FixedWindows } from './fixed-windows.js';
import { secondsUntil } from './rate-limit-fields.js';

/** Times in whole seconds. */
export type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Where @nestjs/throttler counts: in memory, each limit apart, so that a flood of keys against one
 * pushes none out of another. The storage that comes with it keeps every hit (100 000 in a window
 * cost a millisecond for each further one), keeps every key, and reads a clock of its own.
 */
export class WindowStorage implements ThrottlerStorage {
  readonly #byLimit = new Map<string, FixedWindows>();

  constructor(private readonly clock: Clock) {}

  /**
   * Counts a hit. Who is over the limit stays so until the window ends, and trying does not make it
   * longer.
   *
   * @param name the limit
   * @param windowMs the same at each call for one limit
   */
  hit(key: string, name: string, count: number, windowMs: number): Hit {
    const now = this.clock.now().getTime();
    const window = this.#windowsOf(name, windowMs).hit(key, now);
    const seconds = secondsUntil(window.endsAt, now);
    const isBlocked = window.count > count;
    return {
      totalHits: window.count,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    };
  }

  /** {@link hit} as a ThrottlerGuard asks for it. There is no other time of blocking. */
  async increment(
    key: string,
    ttl: number,
    limit: number,
    _blockDuration: number,
    throttlerName: string,
  ): Promise<Hit> {
    return this.hit(key, throttlerName, limit, ttl);
  }

  #windowsOf(name: string, windowMs: number): FixedWindows {
    let windows = this.#byLimit.get(name);
    if (!windows) this.#byLimit.set(name, (windows = new FixedWindows(windowMs)));
    return windows;
  }
}
