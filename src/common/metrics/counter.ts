import type { Family, Sample } from './family.js';
import { Series } from './series.js';

/** A number that only grows. */
export class Counter {
  value = 0;

  add(by = 1): void {
    this.value += by;
  }
}

/** A counter, or one for each combination of labels. Its name ends in `_total`. */
export class CounterFamily implements Family {
  readonly type = 'counter';
  readonly #series: Series<Counter>;

  constructor(
    readonly name: string,
    readonly help: string,
    labelNames: readonly string[] = [],
  ) {
    this.#series = new Series(labelNames, () => new Counter());
    if (labelNames.length === 0) this.with();
  }

  /** The counter with these values of the labels; keep it where it is counted often. */
  with(...values: readonly string[]): Counter {
    return this.#series.with(...values);
  }

  samples(): Sample[] {
    return Array.from(this.#series.all(), ({ labels, value }) => ({ labels, value: value.value }));
  }
}
