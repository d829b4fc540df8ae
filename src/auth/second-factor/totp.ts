import { generateSecret, generateURI, verifySync } from 'otplib';

/*
 * Time-based one-time passwords (RFC 6238), with the values that every authenticator app knows:
 * SHA-1, six digits, 30 seconds. Storage and who may try how often are the business of others.
 */

/** "The keys SHOULD be of the length of the HMAC output" (RFC 6238 section 5.1): 160 bits. */
const SEED_BYTES = 20;
/**
 * "We RECOMMEND that at most one time step is allowed as the network delay" (RFC 6238 section 5.2);
 * one more ahead, for a phone whose clock is fast.
 */
const TOLERANCE_SECONDS = 30;
const STEP_MS = 30_000;
const CODE = /^\d{6}$/;

/** A new seed, in base 32 as a person would type it into an app. */
export function newSeed(): string {
  return generateSecret({ length: SEED_BYTES });
}

/**
 * The time step that `code` belongs to: the present one, the one before or the one after. Undefined:
 * it is the code of none of them. Spaces are how apps show a code.
 *
 * @param seed base 32
 */
export function stepOf(seed: string, code: string, now: Date): number | undefined {
  const token = code.replaceAll(' ', '');
  if (!CODE.test(token)) return undefined;
  const epoch = Math.floor(now.getTime() / 1000);
  // It compares in constant time.
  const found = verifySync({ secret: seed, token, epoch, epochTolerance: TOLERANCE_SECONDS });
  if (!found.valid || !('timeStep' in found)) return undefined;
  return found.timeStep;
}

/** When a time step began. */
export function startOfStep(step: number): Date {
  return new Date(step * STEP_MS);
}

/** What an app reads from the picture: the seed, whose it is and what for. */
export function otpauthUri(seed: string, issuer: string, account: string): string {
  return generateURI({ issuer, label: account, secret: seed });
}
