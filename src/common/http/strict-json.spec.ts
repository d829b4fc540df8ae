import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson, StrictJsonError } from './strict-json.js';

describe('a body', () => {
  it('means what JSON.parse says it means, when it is taken', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        const expected: unknown = JSON.parse(text);
        const given = parseOrRefuse(text);
        if (!(given instanceof StrictJsonError)) expect(given).toEqual(expected);
      }),
    );
  });

  it('is taken whenever it is plain: no member twice, no __proto__, well-formed text', () => {
    const value = fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((key) => key !== '__proto__'),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(value, fc.boolean(), (object, pretty) => {
        const text = JSON.stringify(object, null, pretty ? 2 : undefined);
        expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every character of a string', () => {
    const name = '"quotes" \\ / \u2028 </script> 😀 é {"a":1,"a":2}';
    expect(parseStrictJson(Buffer.from(JSON.stringify({ name })))).toEqual({ name });
  });

  it.each([
    ['not JSON', '{"a":}', /not JSON/],
    ['cut off', '{"a":1', /not JSON/],
    ['two values', '{}{}', /not JSON/],
    ['single quotes', "{'a':1}", /not JSON/],
    ['a comment', '{/**/}', /not JSON/],
    ['a trailing comma', '{"a":1,}', /not JSON/],
    ['NaN', '{"a":NaN}', /not JSON/],
    ['nothing but space', ' ', /not JSON/],
    ['a member twice', '{"a":1,"a":1}', /twice/],
    ['a member twice, one of them escaped', '{"a":1,"\\u0061":2}', /twice/],
    ['a member twice, deep inside', '{"x":[{"a":1,"b":{},"a":2}]}', /twice/],
    ['a member twice around a value that looks like one', '{"a":"\\":","a":2}', /twice/],
    ['__proto__', '{"__proto__":{"admin":true}}', /__proto__/],
    ['__proto__, escaped', '{"\\u005f_proto__":{}}', /__proto__/],
    ['half of a surrogate pair in a value', '{"a":"\\ud800"}', /surrogate/],
    ['half of a surrogate pair in a name', '{"\\udc00":1}', /surrogate/],
    ['a byte order mark', '\ufeff{}', /byte order mark/],
    ['257 elements', `[${'1,'.repeat(256)}1]`, /too many/],
    ['257 members', objectOf(257), /too many/],
    [
      '257 members and elements on several levels',
      `{"a":${objectOf(200)},"b":[${'1,'.repeat(54)}1]}`,
      /too many/,
    ],
    ['a thousand empty objects', `[${'{},'.repeat(1000)}{}]`, /too many/],
    ['17 levels', '['.repeat(17) + ']'.repeat(17), /deeply/],
    ['10 000 levels', '['.repeat(10_000) + ']'.repeat(10_000), /deeply/],
    ['10 000 levels of objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), /deeply/],
  ])('is refused when it holds %s', (_, text, message) => {
    const refused = parseOrRefuse(text);
    expect(refused).toBeInstanceOf(StrictJsonError);
    expect((refused as Error).message).toMatch(message);
  });

  it('is refused when a name is longer than any field has', () => {
    const named = (length: number) => `{"${'n'.repeat(length)}":1}`;
    expect(parseOrRefuse(named(128))).not.toBeInstanceOf(StrictJsonError);
    expect(parseOrRefuse(named(129))).toBeInstanceOf(StrictJsonError);
  });

  it.each([
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['a byte that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['a surrogate encoded as such', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('is refused when it is %s', (_, body) => {
    expect(() => parseStrictJson(body)).toThrow(StrictJsonError);
  });

  it('may have a member of the same name in different objects', () => {
    expect(parseStrictJson(Buffer.from('{"a":{"a":1},"b":[{"a":2},{"a":3}]}'))).toEqual({
      a: { a: 1 },
      b: [{ a: 2 }, { a: 3 }],
    });
  });

  it.each([objectOf(256), `[${'1,'.repeat(255)}1]`, `{"a":[${'1,'.repeat(254)}1]}`])(
    'may hold 256 members and elements',
    (text) => {
      expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text));
    },
  );

  it('may hold any number of commas and brackets in its strings', () => {
    const name = ',{['.repeat(1000);
    expect(parseStrictJson(Buffer.from(JSON.stringify({ name })))).toEqual({ name });
  });

  it('of 64 kB is taken or refused, whatever it is made of', () => {
    const size = 64 * 1024;
    for (const text of [
      JSON.stringify({ a: 'x'.repeat(size) }),
      JSON.stringify({ a: '\\'.repeat(size / 2) }),
      JSON.stringify({ a: '"'.repeat(size / 2) }),
      `[${'"",'.repeat(size / 3)}1]`,
      `[${'"\\u0061",'.repeat(size / 9)}1]`,
      `{${Array.from({ length: size / 8 }, (__, i) => `"${i}":0`).join(',')}}`,
      `${'['.repeat(size / 2)}${']'.repeat(size / 2)}`,
      '"'.repeat(size),
      `${' '.repeat(size)}1`,
      `{"a":1${'0'.repeat(size)}}`,
    ]) {
      expect(parseOrRefuse(text)).toBeTypeOf(text.startsWith(' ') ? 'number' : 'object');
    }
  });
});

function objectOf(members: number): string {
  return `{${Array.from({ length: members }, (_, nr) => `"k${nr}":1`).join(',')}}`;
}

/** What was parsed, or the error. */
function parseOrRefuse(text: string): unknown {
  try {
    return parseStrictJson(Buffer.from(text));
  } catch (error) {
    return error;
  }
}
