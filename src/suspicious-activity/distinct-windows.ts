import { Windows } from '../common/http/limits/windows.js';

export interface DistinctWindow {
  readonly members: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** That something was found in it, so that it is not found again. */
  told: boolean;
}

/**
 * Counts different members per key in {@link Windows} of one length. No window holds more than
 * `most` members: beyond that it is known to be many, and which does not matter.
 */
export class DistinctWindows {
  readonly #windows: Windows<DistinctWindow & { readonly members: Set<string> }>;

  constructor(
    windowMs: number,
    private readonly most: number,
    capacity: number,
  ) {
    this.#windows = new Windows(windowMs, capacity, (endsAt) => ({
      members: new Set<string>(),
      endsAt,
      told: false,
    }));
  }

  add(key: string, member: string, now: number): DistinctWindow {
    const window = this.#windows.enter(key, now);
    if (window.members.size < this.most) window.members.add(member);
    return window;
  }

  /** As if the member had not been seen in the running window. */
  remove(key: string, member: string, now: number): void {
    this.#windows.peek(key, now)?.members.delete(member);
  }

  /** Keys that are held. */
  get size(): number {
    return this.#windows.size;
  }
}
