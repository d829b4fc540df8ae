import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClientData } from './client-data.js';
import { movesOn } from './webauthn.js';

describe('a counter', () => {
  it.each([
    [0, 1, true],
    [7, 8, true],
    [7, 4_294_967_295, true],
    [0, 0, true], // it counts nothing
    [7, 7, false],
    [7, 6, false],
    [7, 0, false], // it counted before
  ])('that was %i and is %i moves on: %j', (before, counter, moves) => {
    expect(movesOn(before, counter)).toBe(moves);
  });
});

describe('client data', () => {
  const base64url = (text: string) => Buffer.from(text).toString('base64url');
  const whole = { type: 'webauthn.get', challenge: 'x', origin: 'https://a.example' };

  it('is read with what it may hold beside', () => {
    const json = base64url(JSON.stringify({ ...whole, crossOrigin: false, later: { more: [1] } }));
    expect(parseClientData(json)).toEqual({ ...whole, framed: false });
  });

  it.each([{ crossOrigin: true }, { crossOrigin: 'yes' }, { topOrigin: 'https://b.example' }])(
    'of a page in a frame says so: %j',
    (more) => {
      expect(parseClientData(base64url(JSON.stringify({ ...whole, ...more })))?.framed).toBe(true);
    },
  );

  it.each(['', 'null', '[]', '"x"', '{', '{}', JSON.stringify({ ...whole, challenge: 7 })])(
    'is not %j',
    (json) => {
      expect(parseClientData(base64url(json))).toBeUndefined();
    },
  );

  it('is looked for in any text without harm', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json().map(base64url)), (text) => {
        expect(() => parseClientData(text)).not.toThrow();
      }),
    );
  });
});
