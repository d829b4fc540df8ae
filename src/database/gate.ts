/** What a writer gets that has waited too long, or that would be one too many. */
export class GateError extends Error {
  /** As if SQLite had said so: the caller answers it as it answers a busy file. */
  readonly code = 'SQLITE_BUSY';
}

interface Waiting {
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (error: GateError) => void;
}

/**
 * Lets one writer in at a time, in the order they came. Nobody waits longer than `longestMs`, and
 * no more than `most` wait: while the file is locked from outside, requests must not pile up.
 */
export class Gate {
  #waiting: Waiting[] = [];
  #head = 0;
  #taken = false;

  constructor(
    private readonly longestMs: number,
    private readonly most: number,
  ) {}

  /** How many wait. */
  get length(): number {
    return this.#waiting.length - this.#head;
  }

  /** Takes the gate if nobody has it, without waiting. */
  tryEnter(): boolean {
    if (this.#taken) return false;
    this.#taken = true;
    return true;
  }

  /** @throws GateError */
  async enter(): Promise<void> {
    if (this.tryEnter()) return;
    if (this.length >= this.most) throw new GateError('Too many writers wait.');
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ since: performance.now(), resolve, reject });
    });
  }

  leave(): void {
    const now = performance.now();
    for (;;) {
      const next = this.#waiting[this.#head];
      if (!next) {
        this.#waiting = [];
        this.#head = 0;
        this.#taken = false;
        return;
      }
      this.#head++;
      if (now - next.since <= this.longestMs) return next.resolve();
      next.reject(new GateError('Waited too long for other writers.'));
    }
  }
}
