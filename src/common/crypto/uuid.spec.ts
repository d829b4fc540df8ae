import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid, uuidFromBytes, uuidToBytes, uuidv7 } from './uuid.js';

const date = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });

describe('a UUIDv7', () => {
  it('has the form, version and variant of RFC 9562', () => {
    fc.assert(
      fc.property(date, (at) => {
        expect(uuidv7(at)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it('holds the time it was made at', () => {
    fc.assert(
      fc.property(date, (at) => {
        expect(uuidToBytes(uuidv7(at)).readUIntBE(0, 6)).toBe(at.getTime());
      }),
    );
  });

  it('sorts by the time it was made at', () => {
    fc.assert(
      fc.property(date, date, (a, b) => {
        if (a < b) expect(uuidv7(a) < uuidv7(b)).toBe(true);
      }),
    );
  });

  it('is never the same twice within a millisecond', () => {
    const at = new Date(0);
    expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(at))).size).toBe(10_000);
  });
});

describe('a UUID in text', () => {
  it('comes back from its bytes unchanged', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(uuidFromBytes(uuidToBytes(uuid))).toBe(uuid);
        expect(isUuid(uuid)).toBe(true);
      }),
    );
  });

  it.each([
    '',
    'nil',
    '019A7F3E-0000-7000-8000-000000000000',
    '{019a7f3e-0000-7000-8000-000000000000}',
    '019a7f3e00007000800000000000000',
    '019a7f3e-0000-7000-8000-00000000000',
    '019a7f3e-0000-7000-8000-000000000000\n',
    ' 019a7f3e-0000-7000-8000-000000000000',
    undefined,
    null,
    7,
    ['019a7f3e-0000-7000-8000-000000000000'],
  ])('is not %j', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});
