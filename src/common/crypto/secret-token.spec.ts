import { createHash, timingSafeEqual } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { hashSecretToken, newSecretToken, newSixDigitCode, sameBytes } from './secret-token.js';

vi.mock('node:crypto', async (importActual) => {
  const actual = await importActual<typeof import('node:crypto')>();
  return { ...actual, timingSafeEqual: vi.fn(actual.timingSafeEqual) };
});

describe('a secret token', () => {
  it('is its prefix and 256 bits in base64url', () => {
    expect(newSecretToken('lk_rt_')).toMatch(/^lk_rt_[A-Za-z0-9_-]{43}$/);
  });

  it('is never the same twice', () => {
    const tokens = Array.from({ length: 10_000 }, () => newSecretToken(''));
    expect(new Set(tokens).size).toBe(10_000);
  });

  it('is stored as its SHA-256', () => {
    const token = newSecretToken('x_');
    expect(Buffer.from(hashSecretToken(token)).toString('hex')).toBe(
      createHash('sha256').update(token).digest('hex'),
    );
  });
});

describe('a code', () => {
  it('is six digits, zeros in front kept', () => {
    for (let i = 0; i < 10_000; i++) expect(newSixDigitCode()).toMatch(/^\d{6}$/);
  });

  it('is spread over the whole range', () => {
    const codes = Array.from({ length: 10_000 }, () => Number(newSixDigitCode()));
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = codes.filter((code) => Math.floor(code / 100_000) === tenth).length;
      expect(share).toBeGreaterThan(800); // 1000 on average; six standard deviations are 180
      expect(share).toBeLessThan(1200);
    }
  });
});

describe('two byte strings', () => {
  it('are the same exactly when every byte is', () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(sameBytes(a, Uint8Array.from(a))).toBe(true);
        expect(sameBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      }),
    );
  });

  it('of different length are told apart without an error', () => {
    expect(sameBytes(new Uint8Array(3), new Uint8Array(4))).toBe(false);
    expect(sameBytes(new Uint8Array(0), new Uint8Array(4))).toBe(false);
  });

  it('[11.2.4] are compared to the end, wherever they differ', () => {
    const secret = new Uint8Array(32);
    for (const at of [0, 15, 31]) {
      vi.mocked(timingSafeEqual).mockClear();
      expect(sameBytes(secret, secret.with(at, 1))).toBe(false);
      expect(timingSafeEqual).toHaveBeenCalledExactlyOnceWith(secret, secret.with(at, 1));
    }
  });
});
