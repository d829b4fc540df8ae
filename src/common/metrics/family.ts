export type Labels = Readonly<Record<string, string>>;

/** One line of a scrape. */
export interface Sample {
  /** Behind the family's name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
  readonly labels?: Labels;
  readonly value: number;
}

export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'summary';

/** What one metric says: all lines that share a name. */
export interface Family {
  readonly name: string;
  /** One sentence. */
  readonly help: string;
  readonly type: FamilyType;
  samples(): Sample[] | Promise<Sample[]>;
}
