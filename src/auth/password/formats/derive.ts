import { pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { sameBytes } from '../../../common/crypto/secret-token.js';
import { assertWithin, BOUNDS } from './bounds.js';
import { UnusableHash, type Verifier } from './format.js';

const DIGEST_BYTES = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const;

export interface ScryptCost {
  N: number;
  r: number;
  p: number;
}

/**
 * scrypt (RFC 7914) with 64 bytes of output.
 *
 * @throws UnusableHash when it would cost too much
 */
export function boundedScrypt(
  { N, r, p }: ScryptCost,
  salt: Buffer,
): (password: string) => Promise<Buffer> {
  if (N < 2 || !Number.isInteger(Math.log2(N))) {
    throw new UnusableHash('The passwordHash names an N that is not a power of two.');
  }
  assertWithin('r =', r, BOUNDS.scryptBlockSize);
  assertWithin('N =', N, 2 ** (16 * r) / 2, 2); // RFC 7914 section 2: less than 2^(128 * r / 8)
  assertWithin('p =', p, BOUNDS.scryptParallelization);
  assertWithin('KiB of memory:', (128 * N * r) / 1024, BOUNDS.memoryKib, 0);
  assertWithin('N * r * p =', N * r * p, BOUNDS.scryptWork);
  const maxmem = BOUNDS.memoryKib * 1024 + 2 ** 20; // OpenSSL counts its working blocks, too
  const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
  return (password) => derive(password, salt, 64, { N, r, p, maxmem });
}

/** @throws UnusableHash when it would cost too much, or the hash was cut */
export function scryptVerifier(cost: ScryptCost, salt: Buffer, expected: Buffer): Verifier {
  const derive = boundedScrypt(cost, salt);
  assertLength(expected, 64);
  return async (password) => sameBytes(await derive(password), expected);
}

/**
 * PBKDF2 (RFC 8018) as long as its digest.
 *
 * @throws UnusableHash when it would cost too much, the hash was cut, or the digest is unknown
 */
export function pbkdf2Verifier(
  digest: string,
  iterations: number,
  salt: Buffer,
  expected: Buffer,
): Verifier {
  if (!Object.hasOwn(DIGEST_BYTES, digest)) {
    throw new UnusableHash('The passwordHash names a digest that is not supported.');
  }
  assertWithin('iterations:', iterations, BOUNDS.pbkdf2Iterations);
  assertLength(expected, DIGEST_BYTES[digest as keyof typeof DIGEST_BYTES]);
  const derive = promisify(pbkdf2);
  return async (password) =>
    sameBytes(await derive(password, salt, iterations, expected.length, digest), expected);
}

/** A hash that was cut short would be right for more than one password. */
function assertLength(hash: Buffer, bytes: number): void {
  if (hash.length !== bytes) {
    throw new UnusableHash(
      `The passwordHash has a result of ${hash.length} bytes instead of ${bytes}.`,
    );
  }
}
