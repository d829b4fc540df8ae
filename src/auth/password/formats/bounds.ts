import { UnusableHash } from './format.js';

/**
 * What a hash may cost. A row of an import file names its own cost, so a hostile one could ask for
 * the whole machine at each sign-in. Within these bounds every setting in use fits (OWASP's, and
 * the defaults of Django, werkzeug, PHP and libsodium's "interactive"), and one check takes no more
 * than about two seconds of one core.
 */
export const BOUNDS = {
  /** Memory of scrypt and argon2, in KiB: 128 MiB. */
  memoryKib: 131_072,
  /** Passes over the memory of argon2, in KiB. */
  argon2Work: 2 ** 21,
  argon2Lanes: 16,
  /** N * r * p. */
  scryptWork: 2 ** 22,
  scryptBlockSize: 32,
  scryptParallelization: 16,
  pbkdf2Iterations: 2_500_000,
  bcryptCost: 15,
  /** Rounds of MD5; it runs on the event loop, in slices. */
  phpassRounds: 2 ** 18,
} as const;

/** @throws UnusableHash when `value` is more than `most`, or less than `least` */
export function assertWithin(what: string, value: number, most: number, least = 1): void {
  if (value > most) {
    throw new UnusableHash(
      `The passwordHash asks for ${what} ${value}; at most ${most} is allowed.`,
    );
  }
  if (value < least) {
    throw new UnusableHash(
      `The passwordHash asks for ${what} ${value}; the least there is is ${least}.`,
    );
  }
}
