import type { Family, Sample } from './family.js';
import { Series } from './series.js';

/** How many observations lie below each of some bounds, and their sum. */
export class Histogram {
  sum = 0;
  /** One more than there are bounds: the last is for what lies above all of them. */
  readonly #counts: number[];

  /** @param bounds upper bounds, rising; a value that equals one belongs to it */
  constructor(private readonly bounds: readonly number[]) {
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let i = 0;
    while (i < this.bounds.length && value > this.bounds[i]!) i++;
    this.#counts[i]!++;
    this.sum += value;
  }

  /** As the text format wants it: each bucket holds what lies in the ones before it, too. */
  samples(): Sample[] {
    let count = 0;
    const buckets = this.#counts.map((own, i) => ({
      suffix: '_bucket',
      labels: { le: String(this.bounds[i] ?? '+Inf') },
      value: (count += own),
    }));
    return [...buckets, { suffix: '_sum', value: this.sum }, { suffix: '_count', value: count }];
  }
}

/** A histogram, or one for each combination of labels. */
export class HistogramFamily implements Family {
  readonly type = 'histogram';
  readonly #series: Series<Histogram>;

  constructor(
    readonly name: string,
    readonly help: string,
    bounds: readonly number[],
    labelNames: readonly string[] = [],
  ) {
    this.#series = new Series(labelNames, () => new Histogram(bounds));
    if (labelNames.length === 0) this.with();
  }

  /** The histogram with these values of the labels; keep it where it is observed often. */
  with(...values: readonly string[]): Histogram {
    return this.#series.with(...values);
  }

  samples(): Sample[] {
    return Array.from(this.#series.all()).flatMap(({ labels, value }) =>
      value.samples().map((sample) => ({ ...sample, labels: { ...labels, ...sample.labels } })),
    );
  }
}
