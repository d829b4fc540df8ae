import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MasterKey } from '../../common/crypto/master-key.js';
import { uuidv7 } from '../../common/crypto/uuid.js';
import { RefreshTokens } from './refresh-tokens.js';

const tokens = new RefreshTokens(new MasterKey(randomBytes(32)));
const session = { id: uuidv7(new Date()), salt: randomBytes(32) };

function isGenuine(token: string, salt: Uint8Array = session.salt, by = tokens): boolean {
  const claim = by.parse(token);
  return claim !== undefined && by.isGenuine(claim, salt);
}

describe('a refresh token', () => {
  it('says which session and which generation, and is genuine', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (generation) => {
        const token = tokens.mint(session, generation);
        expect(token).toMatch(/^lk_rt_[A-Za-z0-9_-]{71}$/);
        expect(tokens.parse(token)).toMatchObject({ sessionId: session.id, generation });
        expect(isGenuine(token)).toBe(true);
      }),
    );
  });

  it('is the same, byte for byte, whenever it is made again', () => {
    expect(tokens.mint(session, 7)).toBe(tokens.mint({ ...session }, 7));
  });

  it('is another one for each generation, session and salt', () => {
    const others = [
      tokens.mint(session, 0),
      tokens.mint(session, 1),
      tokens.mint({ ...session, id: uuidv7(new Date()) }, 0),
      tokens.mint({ ...session, salt: randomBytes(32) }, 0),
    ];
    expect(new Set(others.map((token) => token.slice(-43))).size).toBe(4);
  });

  it('needs both the master key and the salt to be made', () => {
    const token = tokens.mint(session, 0);
    expect(isGenuine(token, randomBytes(32))).toBe(false);
    expect(isGenuine(token, session.salt, new RefreshTokens(new MasterKey(randomBytes(32))))).toBe(
      false,
    );
  });

  it('is forged with any bit of it turned', () => {
    const bytes = Buffer.from(tokens.mint(session, 3).slice('lk_rt_'.length), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = Buffer.from(bytes);
      forged[bit >> 3]! ^= 1 << (bit & 7);
      expect(isGenuine(`lk_rt_${forged.toString('base64url')}`)).toBe(false);
    }
  });

  it('has one spelling', () => {
    const token = tokens.mint(session, 3);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.at(-1)!);
    for (const other of [
      ...[...alphabet].filter((_, i) => i !== last).map((char) => token.slice(0, -1) + char),
      `${token}=`,
      `${token}A`,
      ` ${token}`,
      `${token}\n`,
      token.slice(0, -1),
      token.slice('lk_rt_'.length),
      token.replace('lk_rt_', 'LK_RT_'),
      '',
    ]) {
      expect(isGenuine(other)).toBe(false);
    }
  });

  it('is never found in arbitrary text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokens.parse(text)).toBeUndefined();
        expect(tokens.parse(`lk_rt_${text}`)).toBeUndefined();
      }),
    );
  });
});
