import { argon2Format } from './argon2.js';
import { bcryptFormat } from './bcrypt.js';
import {
  djangoArgon2,
  djangoBcrypt,
  djangoBcryptSha256,
  djangoPbkdf2,
  djangoScrypt,
  djangoUnusable,
} from './django.js';
import { firebaseScrypt } from './firebase.js';
import { type HashFormat, UnusableHash, type Verifier } from './format.js';
import { phpass } from './phpass.js';
import { werkzeugPbkdf2, werkzeugScrypt } from './werkzeug.js';

/** Longest text that is looked at. */
export const MAX_HASH_LENGTH = 1024;

const FORMATS: readonly HashFormat[] = [
  bcryptFormat,
  argon2Format,
  werkzeugScrypt,
  werkzeugPbkdf2,
  djangoPbkdf2,
  djangoScrypt,
  djangoBcryptSha256,
  djangoBcrypt,
  djangoArgon2,
  djangoUnusable,
  firebaseScrypt,
  phpass,
];

/**
 * A password hash as another system wrote it, taken apart and found within bounds. Nothing is
 * computed before the verifier is called.
 *
 * @throws UnusableHash unknown, malformed, or too costly
 */
export function readForeignHash(stored: string): Verifier {
  const format =
    stored.length <= MAX_HASH_LENGTH
      ? FORMATS.find((candidate) => candidate.recognises(stored))
      : undefined;
  if (!format) throw new UnusableHash('The passwordHash is of no known format.');
  return format.read(stored);
}
