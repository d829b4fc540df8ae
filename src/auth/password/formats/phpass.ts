import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sameBytes } from '../../../common/crypto/secret-token.js';
import { assertWithin, BOUNDS } from './bounds.js';
import { type HashFormat, taken } from './format.js';

const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/;
/** Bytes hashed before others get their turn: one or two milliseconds. */
const SLICE_BYTES = 64_000;

/**
 * phpass's "portable" hashes, `$P$` (WordPress) and `$H$` (phpBB): MD5 over and over. It exists on
 * no thread pool, so it runs on the event loop in slices short enough that nobody waits for it.
 */
export const phpass: HashFormat = {
  recognises: (stored) => /^\$[PH]\$/.test(stored),
  read: (stored) => {
    const [log2, salt, hash] = taken(FORM, stored, 'phpass') as [string, string, string];
    const rounds = 2 ** DIGITS.indexOf(log2);
    assertWithin('rounds of MD5:', rounds, BOUNDS.phpassRounds, 2 ** 7);
    return async (text) => {
      const password = Buffer.from(text);
      const perSlice = Math.ceil(SLICE_BYTES / (64 + password.length));
      let digest = md5(Buffer.from(salt), password);
      for (let round = 0; round < rounds; round++) {
        if (round % perSlice === 0) await nextTurn();
        digest = md5(digest, password);
      }
      return sameBytes(Buffer.from(encoded(digest)), Buffer.from(hash));
    };
  },
};

function md5(first: Buffer, second: Buffer): Buffer {
  return createHash('md5').update(first).update(second).digest();
}

/** Three bytes as four digits, the lowest six bits first; RFC 4648's base64 takes the highest. */
function encoded(bytes: Buffer): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = bytes.subarray(i, i + 3);
    const bits = group.readUIntLE(0, group.length);
    for (let digit = 0; digit <= group.length; digit++) text += DIGITS[(bits >> (6 * digit)) & 63];
  }
  return text;
}
