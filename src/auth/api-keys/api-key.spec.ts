import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { apiKeyId, hashApiKey, idIn, looksLikeApiKey, newApiKey } from './api-key.js';

const ID = '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11';

describe('a key', () => {
  it('is found by the pattern that is documented for scanners, and holds its id', () => {
    const key = newApiKey(ID);
    expect(key).toMatch(/^lk_key_[0-9a-f]{32}[0-9A-Za-z]{49}$/);
    expect(apiKeyId(key)).toBe(ID);
    expect(idIn(key)).toBe(ID);
  });

  it('has a checksum that anybody can compute: CRC-32 of all before it, in base 62', () => {
    const key = newApiKey(ID);
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const value = Array.from(key.slice(-6)).reduce((sum, c) => sum * 62 + alphabet.indexOf(c), 0);
    expect(value).toBe(crc32(key.slice(0, -6)));
  });

  it('[11.5.1] is another each time, of 256 bits, over the whole alphabet', () => {
    const secrets = Array.from({ length: 2000 }, () => newApiKey(ID).slice(39, -6));
    expect(new Set(secrets).size).toBe(2000);
    expect(Math.log2(62 ** 43)).toBeGreaterThan(256);
    for (let i = 0; i < 43; i++) {
      const seen = new Set(secrets.map((secret) => secret[i]));
      expect(seen.size).toBe(62); // that one is missing has odds of 10^-10
    }
  });

  it('is refused, unlooked for, with any one character another', () => {
    const key = newApiKey(ID);
    for (let i = 0; i < key.length; i++) {
      for (const other of ['0', 'a', 'Z', ' ', '-', 'é']) {
        if (key[i] === other) continue;
        expect(apiKeyId(key.slice(0, i) + other + key.slice(i + 1))).toBeUndefined();
      }
    }
  });

  it.each(['', 'lk_key_', 'lk_key_short', 'x'.repeat(88), 'lk_key_'.repeat(12_000)])(
    'is none of these',
    (text) => expect(apiKeyId(text)).toBeUndefined(),
  );

  it('is stored as the SHA-256 of all of it', () => {
    const key = newApiKey(ID);
    expect(Buffer.from(hashApiKey(key))).toEqual(createHash('sha256').update(key).digest());
  });
});

describe('a password that is rather a key', () => {
  it('is one that begins like a key and is as long, also when it was cut or mistyped', () => {
    const key = newApiKey(ID);
    for (const text of [key, key.slice(0, -5), `${key}x`, `${key.slice(0, -1)}a`]) {
      expect(looksLikeApiKey(text)).toBe(true);
    }
    for (const text of ['lk_key_', 'lk_key_ of my house', 'correct horse', ` ${key}`]) {
      expect(looksLikeApiKey(text)).toBe(false);
    }
  });
});
