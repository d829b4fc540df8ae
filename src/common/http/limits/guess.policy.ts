import type { Rate } from '../../../config/config.js';
import type { LimitName } from '../../security-events.js';

/*
 * How often somebody may be wrong about a secret. Time is an argument (milliseconds since 1970);
 * where the counts are kept is the business of limit-counts.ts, whose one statement obeys the same
 * rules.
 */

const QUARTER = 15 * 60_000;

/** Wrong secrets of one network, whatever they were tried on. */
export const PER_NETWORK: Rate = { count: 100, windowMs: QUARTER };
/** Wrong passwords for one account, from all networks. */
export const PER_ACCOUNT: Rate = { count: 100, windowMs: QUARTER };
/** Wrong passwords for one account, from all its known devices, beside {@link PER_ACCOUNT}. */
export const PER_KNOWN_DEVICES: Rate = { count: 100, windowMs: QUARTER };

/** So many failures cost no pause: who mistypes twice never notices. From the third on they do. */
export const FREE_FAILURES = 3;
const FIRST_DELAY = 1000;
const DOUBLINGS = 6;
export const LONGEST_DELAY = FIRST_DELAY << DOUBLINGS;

/** How long a guess may take to be judged. One that takes longer counts as wrong. */
export const LONGEST_JUDGEMENT = 60_000;

/**
 * How far in the future a time may seem to lie without the clock having been set back: a guess looks
 * at the clock and then waits for its turn to write, and meanwhile another one, perhaps of another
 * process, has looked later and written first.
 */
export const OUT_OF_ORDER = 60_000;

/** One limit that a guess counts against. */
export interface Budget {
  /** Of its row in the table. */
  readonly key: string;
  readonly limit: LimitName;
  readonly rate: Rate;
  /** Stands for the account; undefined for a limit on a network. */
  readonly account?: string;
  /** Failures put off the next guess, longer each time. */
  readonly delays?: true;
  /** The guess is counted, and not refused. */
  readonly countsOnly?: true;
}

/** What stands in the table under one key. */
export interface Count {
  readonly key: string;
  readonly failures: number;
  /** Guesses that are being judged. */
  readonly pending: number;
  /** From then on what is pending counts as wrong: its process has died. */
  readonly pendingUntil: number;
  readonly notBefore: number;
  readonly endsAt: number;
}

/** How long the next guess is put off after so many failures: 0, 0, 1 s, 2 s, 4 s ... 64 s. */
export function delayAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return FIRST_DELAY << Math.min(DOUBLINGS, failures - FREE_FAILURES);
}

export interface Refusal {
  readonly budget: Budget;
  /** When to come back. */
  readonly until: number;
}

export interface Wait {
  /** Key of a budget whose room belongs to guesses that are being judged. */
  readonly waitFor: string;
}

/**
 * Whether one more guess may be judged: the refusal that lasts longest; what to wait for while
 * that hangs on guesses that are being judged, which may all be right; undefined when it may.
 */
export function verdictOn(
  budgets: readonly Budget[],
  counts: readonly Count[],
  now: number,
): Refusal | Wait | undefined {
  const stands = budgets
    .filter(({ countsOnly }) => !countsOnly)
    .map((budget) => {
      const count = counts.find(({ key }) => key === budget.key);
      return count && isRunning(count, budget.rate.windowMs, now)
        ? { budget, ...standOf(budget, count, now) }
        : undefined;
    })
    .filter((stand) => stand !== undefined);
  const [longest] = stands
    .filter(({ until }) => until !== undefined)
    .sort((a, b) => b.until! - a.until!);
  if (longest) return { budget: longest.budget, until: longest.until! };
  const crowded = stands.find(({ waits }) => waits);
  return crowded && { waitFor: crowded.budget.key };
}

/** A window that ends later than any window can was begun before the clock was set back. */
export function isRunning({ endsAt }: Count, windowMs: number, now: number): boolean {
  return now < endsAt && endsAt <= now + windowMs + OUT_OF_ORDER;
}

function standOf(
  budget: Budget,
  count: Count,
  now: number,
): { until: number | undefined; waits: boolean } {
  const latest = now + LONGEST_JUDGEMENT + OUT_OF_ORDER;
  const judged = now < count.pendingUntil && count.pendingUntil <= latest;
  const pending = judged ? count.pending : 0;
  const failures = count.failures + count.pending - pending;
  if (failures >= budget.rate.count) return { until: count.endsAt, waits: false };
  const longest = now + LONGEST_DELAY + OUT_OF_ORDER;
  if (budget.delays && now < count.notBefore && count.notBefore <= longest) {
    return { until: Math.min(count.notBefore, count.endsAt), waits: false };
  }
  const full = failures + pending >= budget.rate.count;
  const crowded = budget.delays && pending >= Math.max(1, FREE_FAILURES - failures);
  return { until: undefined, waits: full || crowded === true };
}
