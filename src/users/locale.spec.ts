import { describe, expect, it } from 'vitest';
import { canonicalLocale } from './locale.js';

describe('canonicalLocale', () => {
  it.each([
    ['en', 'en'],
    ['de-at', 'de-AT'],
    ['ZH-hant-tw', 'zh-Hant-TW'],
    ['ca-valencia', 'ca-valencia'],
  ])('takes %s and keeps it as %s', (typed, kept) => {
    expect(canonicalLocale(typed)).toBe(kept);
  });

  it.each(['', ' en', 'en_GB', 'e', 'englishlanguage', 'en-', '*', 'C', '../etc', 'en\0', 'ｅｎ'])(
    'refuses %j',
    (typed) => {
      expect(canonicalLocale(typed)).toBeUndefined();
    },
  );

  it('refuses a tag of more than 35 characters', () => {
    const longest = 'de-Latn-DE-1996-u-nu-latn-x-abcdefg';
    expect(longest).toHaveLength(35);
    expect(canonicalLocale(longest)).toBeDefined();
    expect(canonicalLocale(`${longest}h`)).toBeUndefined();
  });
});
