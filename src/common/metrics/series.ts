import type { Labels } from './family.js';

/** Between values of labels in a key: no value holds it. */
const BETWEEN = '\0';

/**
 * The series of one metric, by the values of its labels. Values come from small, fixed sets: a
 * route's pattern, a code, a limit's name; never an id, an address or anything a client chooses.
 */
export class Series<Value> {
  readonly #byKey = new Map<string, { labels: Labels; value: Value }>();

  constructor(
    private readonly labelNames: readonly string[],
    private readonly make: () => Value,
  ) {}

  /** The series with these values, in the order of the names; made when it is new. */
  with(...values: readonly string[]): Value {
    const key = values.join(BETWEEN);
    let series = this.#byKey.get(key);
    if (!series) {
      const labels = Object.fromEntries(this.labelNames.map((name, i) => [name, values[i]!]));
      series = { labels, value: this.make() };
      this.#byKey.set(key, series);
    }
    return series.value;
  }

  all(): Iterable<{ labels: Labels; value: Value }> {
    return this.#byKey.values();
  }
}
