import { randomBytes } from 'node:crypto';
import { fromBase64url } from '../common/crypto/base64url.js';
import type { MasterKey } from '../common/crypto/master-key.js';
import { sameBytes } from '../common/crypto/secret-token.js';

/** Request header that shows whoever asks to be somebody with the master key. */
export const PROOF_HEADER = 'x-latchkey-doctor';

const NONCE_BYTES = 16;
const SIGNED_BYTES = NONCE_BYTES + 8;
const PROOF_BYTES = SIGNED_BYTES + 32;
/** How far apart two clocks may be, and how long a proof that is seen on the way is good for. */
const LIFE = 60_000;

/** base64url(nonce, time in milliseconds, MAC of both). Opens one answer that holds no secret. */
export function makeProof(key: MasterKey, now: Date): string {
  const signed = Buffer.alloc(SIGNED_BYTES);
  randomBytes(NONCE_BYTES).copy(signed);
  signed.writeBigUInt64BE(BigInt(now.getTime()), NONCE_BYTES);
  return Buffer.concat([signed, key.mac('doctor', signed)]).toString('base64url');
}

export function isProof(key: MasterKey, proof: unknown, now: Date): boolean {
  const bytes = typeof proof === 'string' ? fromBase64url(proof) : undefined;
  if (bytes?.length !== PROOF_BYTES) return false;
  const signed = bytes.subarray(0, SIGNED_BYTES);
  if (!sameBytes(bytes.subarray(SIGNED_BYTES), key.mac('doctor', signed))) return false;
  const made = Number(signed.readBigUInt64BE(NONCE_BYTES));
  return Math.abs(now.getTime() - made) <= LIFE;
}
