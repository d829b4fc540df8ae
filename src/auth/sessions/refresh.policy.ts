import type { Session } from '../../generated/prisma/client.js';

/** What a genuine refresh token that did not rotate its family is to be answered with. */
export type RefreshVerdict =
  /** It was just used, and what it got is still unused: the answer may have been lost. */
  | 'same-successor'
  /** It is from further back: two parties hold tokens of this family. */
  | 'reused'
  | 'expired'
  | 'ended'
  /** Newer than anything the database knows: it was restored from a backup. */
  | 'unknown-generation';

/**
 * @param session the row as it is after the rotation was tried
 * @param graceMs how long a token that was just used gets the same successor again
 * @param waitedMs how long the request has been waiting here: a server that is slow to answer must not
 *   take a client that was in time for a thief
 */
export function refreshVerdict(
  session: Pick<Session, 'generation' | 'rotatedAt' | 'endedAt' | 'idleExpiresAt' | 'expiresAt'>,
  generation: number,
  now: Date,
  graceMs: number,
  waitedMs = 0,
): RefreshVerdict {
  if (session.endedAt !== null) return 'ended';
  if (session.expiresAt <= now || session.idleExpiresAt <= now) return 'expired';
  if (generation >= session.generation) return 'unknown-generation';
  const justUsed = generation === session.generation - 1;
  // The clock may have been set back since: then this is how far, and no longer a moment ago.
  const age = Math.abs(now.getTime() - session.rotatedAt.getTime());
  const inTime = graceMs > 0 && age - waitedMs < graceMs;
  return justUsed && inTime ? 'same-successor' : 'reused';
}

/**
 * Whether a genuine token that is only shown, not used, is the family's newest, or was until a
 * moment ago.
 *
 * @param session the row as it is
 * @param graceMs how long a token that was used still counts
 */
export function isNewest(
  session: Parameters<typeof refreshVerdict>[0],
  generation: number,
  now: Date,
  graceMs: number,
): boolean {
  const verdict = refreshVerdict(session, generation, now, graceMs);
  if (verdict === 'same-successor') return true;
  return verdict === 'unknown-generation' && generation === session.generation;
}
