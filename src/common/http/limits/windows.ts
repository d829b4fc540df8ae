interface Ending {
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/**
 * Something kept per key in windows of one length. A window begins when its key is first entered;
 * after its end the next one begins another. Time is an argument (milliseconds since 1970).
 *
 * Bounded, and as cheap with many keys as with one: the keys live in two maps. Once the younger one
 * is half of the capacity or as old as a window, it becomes the older one, and what stood in that
 * is forgotten. To enter a window carries it over, so a flood of new keys pushes out idle ones first.
 */
export class Windows<Window extends Ending> {
  #young = new Map<string, Window>();
  #old = new Map<string, Window>();
  #youngSince = 0;

  constructor(
    private readonly windowMs: number,
    private readonly capacity: number,
    private readonly begin: (endsAt: number) => Window,
  ) {}

  /** The running window of a key; a new one when there is none. */
  enter(key: string, now: number): Window {
    const young = this.#young.get(key);
    if (young && this.#isRunning(young, now)) return young;
    const old = this.#old.get(key);
    const window = old && this.#isRunning(old, now) ? old : this.begin(now + this.windowMs);
    this.#makeRoom(now);
    this.#young.set(key, window);
    return window;
  }

  /** The running window of a key, without beginning or carrying over one. */
  peek(key: string, now: number): Window | undefined {
    const window = this.#young.get(key) ?? this.#old.get(key);
    return window && this.#isRunning(window, now) ? window : undefined;
  }

  /** Keys that are held, also those whose window has ended. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** A window that ends later than any window can was begun before the clock was set back. */
  #isRunning(window: Window, now: number): boolean {
    return now < window.endsAt && window.endsAt <= now + this.windowMs;
  }

  #makeRoom(now: number): void {
    const full = this.#young.size >= this.capacity / 2;
    if (!full && Math.abs(now - this.#youngSince) < this.windowMs) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngSince = now;
  }
}
