/**
 * A bounded map in front of a slow look-up, for values that must never be served after they have
 * changed.
 *
 * Whoever changes a value evicts its key after the change is committed. A look-up that began
 * before the eviction answers its own callers but is not kept, so an old value cannot slip back
 * in. Parallel look-ups of one key share one load. The oldest entry goes first when it is full.
 */
export class EvictingCache<Value> {
  readonly #values = new Map<string, Value>();
  readonly #loads = new Map<string, Promise<Value | undefined>>();

  constructor(private readonly capacity: number) {}

  /** The kept value, without looking it up. */
  peek(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** The value of `key`, from `load` when it is not kept. `undefined` is passed on, never kept. */
  get(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const kept = this.#values.get(key);
    if (kept !== undefined) return Promise.resolve(kept);
    const running = this.#loads.get(key);
    if (running) return running;

    const started = load().then(
      (value) => {
        if (this.#loads.get(key) === started) {
          this.#loads.delete(key);
          if (value !== undefined) this.#keep(key, value);
        }
        return value;
      },
      (error: unknown) => {
        if (this.#loads.get(key) === started) this.#loads.delete(key);
        throw error;
      },
    );
    this.#loads.set(key, started);
    return started;
  }

  evict(key: string): void {
    this.#values.delete(key);
    this.#loads.delete(key);
  }

  clear(): void {
    this.#values.clear();
    this.#loads.clear();
  }

  get size(): number {
    return this.#values.size;
  }

  #keep(key: string, value: Value): void {
    if (this.#values.size >= this.capacity) {
      const oldest = this.#values.keys().next();
      if (!oldest.done) this.#values.delete(oldest.value);
    }
    this.#values.set(key, value);
  }
}
