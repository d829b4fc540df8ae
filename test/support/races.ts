/** Starts `work` so many times without waiting in between; gives what each gave. */
export function atOnce<Result>(
  count: number,
  work: (nr: number) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, nr) => work(nr)));
}

/** How often each value occurs: `{ verified: 1, already_verified: 199 }`. */
export function tally(values: (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
