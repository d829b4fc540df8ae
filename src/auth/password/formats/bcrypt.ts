import bcrypt from 'bcrypt';
import { assertWithin, BOUNDS } from './bounds.js';
import { type HashFormat, taken, UnusableHash, type Verifier } from './format.js';

const FORM = /^\$2([abxy])\$(\d\d)\$([./A-Za-z0-9]{53})$/;

/**
 * `$2a$`, `$2b$` and `$2y$` of the password itself, which counts up to its 72nd byte, as it did
 * where the hash was made. All three are one algorithm; `$2x$` marks hashes of a faulty one.
 */
export const bcryptFormat: HashFormat = {
  recognises: (stored) => /^\$2[abxy]?\$/.test(stored),
  read: bcryptVerifier,
};

/** @throws UnusableHash */
export function bcryptVerifier(stored: string): Verifier {
  const [variant, cost, rest] = taken(FORM, stored, 'bcrypt');
  if (variant === 'x') {
    throw new UnusableHash(
      'The passwordHash was made by a faulty bcrypt ($2x$) that is not supported.',
    );
  }
  assertWithin('cost', Number(cost), BOUNDS.bcryptCost, 4);
  // The library does not know 2y, and repeats in 2a the fault of its first version, which counts
  // long passwords modulo 256.
  const same = `$2b$${cost}$${rest}`;
  return (password) => bcrypt.compare(password, same);
}
