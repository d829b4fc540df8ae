import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearerToken, isBasic, parseBasic } from './authorization-header.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('Bearer', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    ['Bearer abc def', 'abc def'],
  ])('of %j the token is %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each([undefined, '', 'Basic abc', 'Bearerabc', 'Bearer\tabc', 'xBearer abc', ' Bearer abc'])(
    '%j is another scheme',
    (header) => {
      expect(bearerToken(header)).toBeNull();
    },
  );

  it.each(['Bearer', 'bearer', 'Bearer ', 'Bearer     '])(
    '%j is a token all the same, and none that can be good',
    (header) => {
      expect(bearerToken(header)).toBe(' ');
    },
  );
});

describe('Basic', () => {
  it.each(['Basic abc', 'basic abc', 'BASIC abc', 'Basic', 'Basic '])('%j is Basic', (header) => {
    expect(isBasic(header)).toBe(true);
  });

  it.each([undefined, '', 'Basicabc', 'XBasicY abc', 'Basic\tabc', ' Basic abc', 'Bearer Basic'])(
    '%j is not',
    (header) => {
      expect(isBasic(header)).toBe(false);
    },
  );

  it('gives back every pair: the user-id ends at the first colon', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 100 }).filter((s) => !/\p{Cc}/u.test(s));
    fc.assert(
      fc.property(text, text, (typed, password) => {
        const userId = typed.replaceAll(':', '');
        const header = `Basic ${base64(`${userId}:${password}`)}`;
        expect(parseBasic(header)).toEqual({ userId, password });
      }),
    );
  });

  it('takes whatever it takes in one spelling only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const parsed = parseBasic(`Basic ${text}`);
        if (parsed) expect(base64(`${parsed.userId}:${parsed.password}`)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses every control character', () => {
    for (let code = 0; code < 0xa0; code++) {
      const isControl = code < 0x20 || code >= 0x7f;
      const header = `Basic ${base64(`ada:pass${String.fromCharCode(code)}word`)}`;
      expect(parseBasic(header) === undefined).toBe(isControl);
    }
  });

  it.each([
    ['', 'no credentials'],
    [base64('no colon'), 'no colon'],
    ['YTpi YTpi', 'a space'],
    ['YTpi\n', 'a line break'],
    ['YTo', 'no padding'],
    ['YTo==', 'wrong padding'],
    ['YTp=', 'unused bits'],
    ['_-Tpi', 'URL-safe characters'],
    [Buffer.from([0x61, 0x3a, 0xff]).toString('base64'), 'no UTF-8'],
    [base64(`ada:${'x'.repeat(4000)}`), 'more than any password'],
  ])('refuses %j: %s', (credentials) => {
    expect(parseBasic(`Basic ${credentials}`)).toBeUndefined();
  });

  it('takes the longest address with the longest password', () => {
    const [userId, password] = ['a'.repeat(254), '\u{1f980}'.repeat(128)];
    expect(parseBasic(`Basic ${base64(`${userId}:${password}`)}`)).toEqual({ userId, password });
  });
});
