import { describe, expect, it } from 'vitest';
import { MasterKey } from '../common/crypto/master-key.js';
import { isProof, makeProof } from './doctor-proof.js';

const KEY = new MasterKey(Buffer.alloc(32, 1));
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NOW = new Date('2026-01-02T03:04:05Z');

function after(ms: number): Date {
  return new Date(NOW.getTime() + ms);
}

describe('a proof of knowing the master key', () => {
  it('holds for a minute, on clocks that are a minute apart', () => {
    const proof = makeProof(KEY, NOW);
    for (const ms of [-60_000, 0, 60_000]) expect(isProof(KEY, proof, after(ms))).toBe(true);
    for (const ms of [-60_001, 60_001]) expect(isProof(KEY, proof, after(ms))).toBe(false);
  });

  it('is none under another key, with another bit, or cut', () => {
    const proof = makeProof(KEY, NOW);
    expect(isProof(new MasterKey(Buffer.alloc(32, 2)), proof, NOW)).toBe(false);
    for (let i = 0; i < proof.length; i++) {
      for (const other of ALPHABET.replace(proof[i]!, '')) {
        expect(isProof(KEY, proof.slice(0, i) + other + proof.slice(i + 1), NOW)).toBe(false);
      }
    }
    for (const not of [proof.slice(1), `${proof}A`, '', undefined, [proof]]) {
      expect(isProof(KEY, not, NOW)).toBe(false);
    }
  });
});
