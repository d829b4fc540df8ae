import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cell } from './export-formats.js';
import { isTime } from './time.js';

/** What a reader of RFC 4180 makes of one cell. */
function read(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

describe('a cell', () => {
  it('[1.2.10] says what it was given, and begins like no formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const shown = read(cell(value));
        expect([value, `'${value}`]).toContain(shown);
        expect(shown).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
    );
  });

  it('is quoted when it holds what separates cells and lines', () => {
    expect(cell('a,b')).toBe('"a,b"');
    expect(cell('a"b')).toBe('"a""b"');
    expect(cell('a\r\nb')).toBe('"a\r\nb"');
    expect(cell('a;b c')).toBe('a;b c');
  });
});

describe('a time', () => {
  it.each(['2026-03-31', '2024-02-29', '2026-03-31T22:15:00Z', '2026-03-31T22:15:00.123+02:00'])(
    'can be %s',
    (text) => expect(isTime(text)).toBe(true),
  );

  it.each([
    '',
    '2026',
    '2026-13-01',
    '2025-02-29',
    '2026-03-31 22:15:00Z',
    '2026-03-31T22:15:00',
    '1e9',
  ])('cannot be %j', (text) => expect(isTime(text)).toBe(false));

  it('that it takes is one that Date takes for the same', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }),
        (date) => {
          expect(isTime(date.toISOString())).toBe(true);
        },
      ),
    );
  });
});
