import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './client.js';

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

/**
 * Asks again as long as the answer is 503: where many come at once a busy machine may give it, and
 * then nothing was done.
 */
export async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    await sleep(100);
  }
}
