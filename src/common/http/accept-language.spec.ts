import { describe, expect, it } from 'vitest';
import { acceptedLanguages } from './accept-language.js';

describe('Accept-Language', () => {
  it.each([
    ['de-AT,de;q=0.9,en;q=0.5', ['de-AT', 'de', 'en']],
    ['en;q=0.5, de', ['de', 'en']],
    ['en ; q=0.5 ,\tde ; q=0.8', ['de', 'en']],
    ['DE-at', ['de-AT']],
    ['zh-hant-tw;q=1.000', ['zh-Hant-TW']],
    ['fr;q=0, en', ['en']],
    ['*', []],
    ['', []],
    [undefined, []],
  ])('%j means %j', (header, languages) => {
    expect(acceptedLanguages(header)).toEqual(languages);
  });

  it('keeps the order of languages wanted alike', () => {
    expect(acceptedLanguages('it, fr, de;q=1')).toEqual(['it', 'fr', 'de']);
  });

  it.each([
    ';q=1',
    'de;q=2',
    'de;q=-1',
    'de;q=0.1234',
    'de;level=1',
    'd',
    'de-',
    'de_AT',
    '../../etc/passwd',
    '<script>',
    'de\0',
    'ｄｅ',
    `de-${'x'.repeat(9)}`,
    `de${'-abcdefgh'.repeat(4)}`,
    'en-a-b-c',
  ])('passes over what is no language: %j', (garbage) => {
    expect(acceptedLanguages(garbage)).toEqual([]);
    expect(acceptedLanguages(`${garbage}, en`)).toEqual(['en']);
  });

  it('costs no more for a header of any size', () => {
    for (const part of ['de,', 'de;q=0.', '-', 'a-', ';', ' ', ',', 'de;q=0.1 ']) {
      const header = part.repeat(20_000);
      let fastest = Infinity;
      for (let i = 0; i < 100; i++) {
        const begun = performance.now();
        const languages = acceptedLanguages(header);
        fastest = Math.min(fastest, performance.now() - begun);
        expect(languages.length).toBeLessThanOrEqual(20);
      }
      expect(fastest).toBeLessThan(5);
    }
  });
});
