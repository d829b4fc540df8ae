import type { Family, Sample } from './family.js';

/** A number that goes up and down, read when it is asked for. */
export class GaugeFamily implements Family {
  constructor(
    readonly name: string,
    readonly help: string,
    private readonly read: () => Reading | Promise<Reading>,
    /** `summary`: its samples are told apart by the label `quantile`, which is kept for these. */
    readonly type: 'gauge' | 'summary' = 'gauge',
  ) {}

  async samples(): Promise<Sample[]> {
    const reading = await this.read();
    if (reading === undefined) return [];
    return typeof reading === 'number' ? [{ value: reading }] : reading;
  }
}

/** Undefined: it cannot be known here. */
type Reading = number | Sample[] | undefined;
