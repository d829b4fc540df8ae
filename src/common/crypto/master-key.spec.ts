import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MasterKey } from './master-key.js';

const key = new MasterKey(randomBytes(32));

describe('the master key', () => {
  it.each([0, 16, 31, 33, 64])('is not %i bytes', (length) => {
    expect(() => new MasterKey(Buffer.alloc(length))).toThrow(RangeError);
  });

  it('derives another key for each purpose', () => {
    const macs = (
      ['password-pepper', 'refresh-token', 'one-time-code', 'list-cursor'] as const
    ).map((purpose) => key.mac(purpose, 'the same data').toString('hex'));
    expect(new Set(macs).size).toBe(macs.length);
  });

  it('derives the same keys after a restart', () => {
    const secret = Buffer.alloc(32, 7);
    // Stored hashes and tokens depend on this value: it must never change.
    expect(new MasterKey(secret).mac('refresh-token', 'data').toString('hex')).toBe(
      'ced67f6cf7bd2006f18f976a2f9df178af34b381a30f6627fd1a0f8ae4eb7934',
    );
  });

  it('gives MACs of the length of the hash', () => {
    expect(key.mac('refresh-token', 'data')).toHaveLength(32);
    expect(key.mac('password-pepper', 'data', 'sha384')).toHaveLength(48);
  });

  it('does not show itself when it is printed or serialised', () => {
    const secret = Buffer.alloc(32, 0xab);
    const holder = new MasterKey(secret);
    holder.mac('refresh-token', 'data');
    expect(JSON.stringify(holder)).toBe('{}');
    expect(Object.keys(holder)).toEqual([]);
  });
});

describe('[11.3.3] a sealed box', () => {
  it('opens to what was put in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), (plain, context) => {
        const box = key.seal('mail-at-rest', context, Buffer.from(plain));
        expect(key.open('mail-at-rest', context, box)).toEqual(Buffer.from(plain));
      }),
    );
  });

  it('is another one each time', () => {
    const boxes = Array.from({ length: 100 }, () =>
      Buffer.from(key.seal('mail-at-rest', 'id', Buffer.from('the same'))).toString('hex'),
    );
    expect(new Set(boxes).size).toBe(100);
  });

  it('does not hold its content in clear', () => {
    const box = Buffer.from(key.seal('mail-at-rest', 'id', Buffer.from('needle in a haystack')));
    expect(box.includes('needle')).toBe(false);
  });

  it('does not open when one bit of it was changed', () => {
    const box = key.seal('mail-at-rest', 'id', Buffer.from('content'));
    for (let bit = 0; bit < box.length * 8; bit++) {
      const changed = Uint8Array.from(box);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => key.open('mail-at-rest', 'id', changed)).toThrow();
    }
  });

  it('does not open when it was cut short', () => {
    const box = key.seal('mail-at-rest', 'id', Buffer.from('content'));
    for (let length = 0; length < box.length; length++) {
      expect(() => key.open('mail-at-rest', 'id', box.subarray(0, length))).toThrow();
    }
  });

  it('does not open in another place, for another purpose or with another key', () => {
    const box = key.seal('mail-at-rest', 'mail 1', Buffer.from('content'));
    expect(() => key.open('mail-at-rest', 'mail 2', box)).toThrow();
    expect(() => key.open('signing-key-at-rest', 'mail 1', box)).toThrow();
    expect(() => new MasterKey(randomBytes(32)).open('mail-at-rest', 'mail 1', box)).toThrow();
  });
});

describe('a ring', () => {
  const other = new MasterKey(randomBytes(32));

  it('opens to the same keys under the master key that locked it', () => {
    const again = other.unlock(other.lock(key));
    expect(again.mac('refresh-token', 'data')).toEqual(key.mac('refresh-token', 'data'));
    const box = key.seal('mail-at-rest', 'id', Buffer.from('content'));
    expect(again.open('mail-at-rest', 'id', box).toString()).toBe('content');
  });

  it('opens under no other key, nor with a bit turned', () => {
    const ring = other.lock(key);
    expect(() => key.unlock(ring)).toThrow();
    ring[20]! ^= 1;
    expect(() => other.unlock(ring)).toThrow();
  });

  it('that there is none of leaves the master key as it is', () => {
    expect(key.unlock(undefined)).toBe(key);
  });

  it('with fresh boxes keeps MACs, and what is sealed neither opens', () => {
    const fresh = key.withFreshBoxes();
    for (const purpose of ['refresh-token', 'password-pepper', 'audit-chain'] as const) {
      expect(fresh.mac(purpose, 'data')).toEqual(key.mac(purpose, 'data'));
    }
    const box = fresh.seal('mail-at-rest', 'id', Buffer.from('content'));
    expect(() => key.open('mail-at-rest', 'id', box)).toThrow();
    expect(fresh.unlock(fresh.lock(fresh)).open('mail-at-rest', 'id', box)).toHaveLength(7);
  });
});
