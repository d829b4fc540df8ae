import { randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MasterKey } from '../../common/crypto/master-key.js';
import type { Config } from '../../config/config.js';
import { PasswordHasher } from './password-hasher.js';

const masterKey = new MasterKey(randomBytes(32));

function hasher(bcryptCost: number, key = masterKey): PasswordHasher {
  return new PasswordHasher(key, { bcryptCost } as Config);
}

/** The work of all comparisons so far: each step of cost doubles it. */
function workOf(compare: { mock: { calls: unknown[][] } }): number {
  return compare.mock.calls.reduce((sum, [, hash]) => sum + 2 ** bcrypt.getRounds(String(hash)), 0);
}

afterEach(() => vi.restoreAllMocks());

describe('a password hash', () => {
  it('is bcrypt of the wanted cost, salted, and knows its password alone', async () => {
    const [a, b] = [await hasher(5).hash('one password'), await hasher(5).hash('one password')];
    expect(a).toMatch(/^\$2b\$05\$/);
    expect(a).not.toBe(b);
    expect(await hasher(5).verify('one password', a)).toBe(true);
    for (const other of ['one passwor', 'one password ', 'One password', '']) {
      expect(await hasher(5).verify(other, a)).toBe(false);
    }
  });

  it('[6.2.8] [F38] counts every character: nothing is cut at 72 bytes or at a NUL', async () => {
    const long = 'x'.repeat(100);
    const hash = await hasher(4).hash(`${long}\u0000a`);
    for (const other of [long, `${long}\u0000b`, `${long}\u0000`, 'x'.repeat(72)]) {
      expect(await hasher(4).verify(other, hash)).toBe(false);
    }
    expect(await hasher(4).verify(`${long}\u0000a`, hash)).toBe(true);
  });

  it('is worth nothing without the master key', async () => {
    const hash = await hasher(4).hash('one password');
    const stranger = hasher(4, new MasterKey(randomBytes(32)));
    expect(await stranger.verify('one password', hash)).toBe(false);
  });

  it('[11.4.2] is made again when it was made with less work than is wanted now', async () => {
    const hash = await hasher(5).hash('one password');
    expect([4, 5, 6].map((cost) => hasher(cost).needsRehash(hash))).toEqual([false, false, true]);
  });
});

describe('a wrong password', () => {
  it.each([4, 5, 7])(
    '[6.3.8] [F31] costs the same for nobody as for a hash of cost %i, from before the cost was raised to 7',
    async (cost) => {
      const hash = await hasher(cost).hash('one password');
      const compare = vi.spyOn(bcrypt, 'compare');
      expect(await hasher(7).verify('another', hash)).toBe(false);
      expect(workOf(compare)).toBe(2 ** 7);
      compare.mockClear();
      expect(await hasher(7).verify('another', null)).toBe(false);
      expect(workOf(compare)).toBe(2 ** 7);
    },
  );
});
