const MAX_SERVER_PAUSE = 30_000;
const MAX_MAIL_PAUSE = 50_000;
/** A minute: longer than any mail is put off, in milliseconds. */
export const LONGEST_PAUSE = 60_000;
const GIVE_UP_AFTER = 3 * 86_400_000;

/**
 * How long all mail waits after the mail server has failed that many times in a row, in
 * milliseconds: 1 s, 2 s, 4 s, at most 30 s, so that mail goes out within a minute of its return.
 */
export function serverPause(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), MAX_SERVER_PAUSE);
}

/**
 * How long one mail waits after the mail server has put it off that many times. At most 50 s: a
 * server that puts everything off is down in all but name.
 */
export function mailPause(attempts: number): number {
  return Math.min(1000 * 2 ** (attempts - 1), MAX_MAIL_PAUSE);
}

/** True when a mail that is only ever put off has been tried long enough. */
export function isHopeless(createdAt: Date, now: Date): boolean {
  return now.getTime() - createdAt.getTime() > GIVE_UP_AFTER;
}
