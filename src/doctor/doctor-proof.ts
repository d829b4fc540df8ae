import { randomBytes } from 'node:crypto';
import type { MasterKey } from '../common/crypto/master-key.js';
import { sameBytes } from '../common/crypto/secret-token.js';

/** Request header that shows whoever asks to be somebody with the master key. */
export const PROOF_HEADER = 'x-latchkey-doctor';

const NONCE_BYTES = 16;
const TIME_BYTES = 8;
const MAC_BYTES = 32;
/** How far apart two clocks may be, and how long a proof that is seen on the way is good for. */
const LIFE = 60_000;
const FORM = /^[A-Za-z0-9_-]{75}$/;

/** base64url(nonce, time in milliseconds, MAC of both). Opens one answer that holds no secret. */
export function makeProof(key: MasterKey, now: Date): string {
  const signed = Buffer.alloc(NONCE_BYTES + TIME_BYTES);
  randomBytes(NONCE_BYTES).copy(signed);
  signed.writeBigUInt64BE(BigInt(now.getTime()), NONCE_BYTES);
  return Buffer.concat([signed, key.mac('doctor', signed)]).toString('base64url');
}

export function isProof(key: MasterKey, proof: unknown, now: Date): boolean {
  if (typeof proof !== 'string' || !FORM.test(proof)) return false;
  const bytes = Buffer.from(proof, 'base64url');
  const signed = bytes.subarray(0, NONCE_BYTES + TIME_BYTES);
  const mac = bytes.subarray(NONCE_BYTES + TIME_BYTES);
  if (mac.length !== MAC_BYTES || !sameBytes(mac, key.mac('doctor', signed))) return false;
  const made = Number(signed.readBigUInt64BE(NONCE_BYTES));
  return Math.abs(now.getTime() - made) <= LIFE;
}
