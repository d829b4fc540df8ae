const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** As Standard Webhooks proposes: within seconds at first, for more than three days in all. */
const PAUSES = [
  5 * SECOND,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** A day: no message is put off for longer, in milliseconds. */
export const LONGEST_PAUSE = 24 * HOUR;

/**
 * How long a message waits after it has failed that many times, in milliseconds; undefined: it has
 * been tried long enough.
 */
export function pauseAfter(attempts: number): number | undefined {
  return PAUSES[attempts - 1];
}
