import { assertWithin, BOUNDS } from './bounds.js';
import { type HashFormat, taken, UnusableHash, type Verifier } from './format.js';

const FORM =
  /^\$argon2(id|i)\$(?:v=(16|19)\$)?m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,86})$/;

const NAME = 'argon2i or argon2id';

type Parts = [string, string | undefined, string, string, string, string, string];

/** argon2i and argon2id in the PHC string format: `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`. */
export const argon2Format: HashFormat = {
  recognises: (stored) => stored.startsWith('$argon2'),
  read: argon2Verifier,
};

/** @throws UnusableHash */
export function argon2Verifier(stored: string): Verifier {
  const [variant, version, m, t, p, salt, hash] = taken(FORM, stored, NAME) as Parts;
  const [memory, passes, lanes] = [Number(m), Number(t), Number(p)] as const;
  assertWithin('lanes:', lanes, BOUNDS.argon2Lanes);
  assertWithin('KiB of memory:', memory, BOUNDS.memoryKib, 8 * lanes); // RFC 9106 section 3.1
  assertWithin('passes:', passes, BOUNDS.argon2Work);
  assertWithin('KiB of memory in all passes:', memory * passes, BOUNDS.argon2Work);
  if (!isCanonical(salt) || !isCanonical(hash)) {
    throw new UnusableHash(`The passwordHash is not a well-formed ${NAME} hash.`);
  }
  // A hash that names no version was made by the first one.
  const complete = `$argon2${variant}$v=${version ?? 16}$m=${memory},t=${passes},p=${lanes}$${salt}$${hash}`;
  return async (password) => {
    // Loaded by the first such hash: most servers never meet one.
    const { verify } = await import('@node-rs/argon2');
    return verify(complete, password);
  };
}

/** Base64 as the library takes it: no padding, and no bits left over at the end. */
function isCanonical(base64: string): boolean {
  return Buffer.from(base64, 'base64').toString('base64').replaceAll('=', '') === base64;
}
