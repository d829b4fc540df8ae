import { createCipheriv } from 'node:crypto';
import { sameBytes } from '../../../common/crypto/secret-token.js';
import { assertWithin } from './bounds.js';
import { boundedScrypt } from './derive.js';
import { type HashFormat, taken, UnusableHash } from './format.js';

const BASE64 = '[A-Za-z0-9+/_-]{0,342}={0,2}';
const FORM = new RegExp(
  `^\\$fbscrypt\\$v=1,n=(\\d{1,3}),r=(\\d{1,10}),p=1,ss=(${BASE64}),sk=(${BASE64})\\$(${BASE64})\\$(${BASE64})$`,
);

/**
 * Firebase's own scrypt, in the text form that Supabase Auth reads, too:
 *
 *     $fbscrypt$v=1,n=14,r=8,p=1,ss=<salt separator>,sk=<signer key>$<salt>$<hash>
 *
 * n is Firebase's `mem_cost`, r its `rounds`; separator, signer key, salt and hash are in base64 as
 * Firebase shows them. scrypt makes a key from password and salt; the hash is the project's signer
 * key encrypted with it, by AES-256-CTR.
 */
export const firebaseScrypt: HashFormat = {
  recognises: (stored) => stored.startsWith('$fbscrypt$'),
  read: (stored) => {
    const [n, r, separator, signerKey, salt, hash] = taken(FORM, stored, 'Firebase scrypt') as Six;
    assertWithin('n =', Number(n), 30);
    const derive = boundedScrypt(
      { N: 2 ** Number(n), r: Number(r), p: 1 },
      Buffer.concat([decoded(salt), decoded(separator)]),
    );
    const plain = decoded(signerKey);
    const expected = decoded(hash);
    // A short signer key would make the hash right for many passwords.
    if (plain.length < 32 || plain.length !== expected.length) {
      throw new UnusableHash(
        'The passwordHash and its signer key must be of one length, at least 32 bytes.',
      );
    }
    return async (password) => {
      const key = (await derive(password)).subarray(0, 32);
      const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
      return sameBytes(Buffer.concat([cipher.update(plain), cipher.final()]), expected);
    };
  },
};

type Six = [string, string, string, string, string, string];

function decoded(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
