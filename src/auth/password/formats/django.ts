import { createHash } from 'node:crypto';
import { argon2Verifier } from './argon2.js';
import { bcryptVerifier } from './bcrypt.js';
import { pbkdf2Verifier, scryptVerifier } from './derive.js';
import { type HashFormat, taken, UnusableHash } from './format.js';

const PBKDF2 = /^pbkdf2_(sha1|sha256)\$(\d{1,10})\$([^$]{1,128})\$([A-Za-z0-9+/]{2,512}={0,2})$/;
const SCRYPT =
  /^scrypt\$(\d{1,10})\$([^$]{1,128})\$(\d{1,10})\$(\d{1,10})\$([A-Za-z0-9+/]{2,512}={0,2})$/;

/** `pbkdf2_sha256$iterations$salt$base64` and `pbkdf2_sha1$...`. */
export const djangoPbkdf2: HashFormat = {
  recognises: (stored) => stored.startsWith('pbkdf2_'),
  read: (stored) => {
    const [digest, iterations, salt, hash] = taken(PBKDF2, stored, 'Django pbkdf2') as Four;
    return pbkdf2Verifier(
      digest,
      Number(iterations),
      Buffer.from(salt),
      Buffer.from(hash, 'base64'),
    );
  },
};

/** `scrypt$N$salt$r$p$base64`. */
export const djangoScrypt: HashFormat = {
  recognises: (stored) => stored.startsWith('scrypt$'),
  read: (stored) => {
    const [N, salt, r, p, hash] = taken(SCRYPT, stored, 'Django scrypt') as Five;
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    return scryptVerifier(cost, Buffer.from(salt), Buffer.from(hash, 'base64'));
  },
};

/** `bcrypt_sha256$$2b$12$...`: bcrypt of the password's SHA-256 in hexadecimal, so that all of it counts. */
export const djangoBcryptSha256: HashFormat = {
  recognises: (stored) => stored.startsWith('bcrypt_sha256$'),
  read: (stored) => {
    const verify = bcryptVerifier(stored.slice('bcrypt_sha256$'.length));
    return (password) => verify(createHash('sha256').update(password).digest('hex'));
  },
};

/** `bcrypt$$2b$12$...`: plain bcrypt. */
export const djangoBcrypt: HashFormat = {
  recognises: (stored) => stored.startsWith('bcrypt$'),
  read: (stored) => bcryptVerifier(stored.slice('bcrypt$'.length)),
};

/** `argon2$argon2id$v=19$...`: the PHC string behind the name of the hasher. */
export const djangoArgon2: HashFormat = {
  recognises: (stored) => stored.startsWith('argon2$'),
  read: (stored) => argon2Verifier(stored.slice('argon2'.length)),
};

/** `!` and random letters: what `set_unusable_password` leaves, for people who never had one. */
export const djangoUnusable: HashFormat = {
  recognises: (stored) => stored.startsWith('!'),
  read: () => {
    throw new UnusableHash('The passwordHash is that of an account without a password: use null.');
  },
};

type Four = [string, string, string, string];
type Five = [...Four, string];
