import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Clock } from '../../../clock.js';
import { FixedWindows } from './fixed-windows.js';
import { secondsUntil } from './rate-limit-fields.js';

type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

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
   * longer: there is no other time of blocking.
   *
   * @param ttl milliseconds of a window, the same at each call for one limit
   * @param throttlerName the limit
   * @returns times in whole seconds
   */
  async increment(
    key: string,
    ttl: number,
    limit: number,
    _blockDuration: number,
    throttlerName: string,
  ): Promise<Hit> {
    const now = this.clock.now().getTime();
    const { count, endsAt } = this.#windowsOf(throttlerName, ttl).hit(key, now);
    const seconds = secondsUntil(endsAt, now);
    const isBlocked = count > limit;
    return {
      totalHits: count,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    };
  }

  #windowsOf(limit: string, windowMs: number): FixedWindows {
    let windows = this.#byLimit.get(limit);
    if (!windows) this.#byLimit.set(limit, (windows = new FixedWindows(windowMs)));
    return windows;
  }
}
