import { describe, expect, it } from 'vitest';
import { holdsAny, personalWords, serviceWords } from './context-words.js';

describe('the words of a person', () => {
  it('are the parts of the address and of the name that have four characters or more', () => {
    expect(
      personalWords({ email: 'Ada.Lovelace+x@Analytical.example', name: 'Augusta Ada King' }),
    ).toEqual(['ada.lovelace+x', 'lovelace', 'analytical', 'augusta', 'king']);
  });

  it('count characters, not code units, and take any script', () => {
    expect(personalWords({ email: '🦀🦊@b.example', name: '山田 Ядвига' })).toEqual(['ядвига']);
  });
});

describe('the words of the service', () => {
  it.each([
    ['https://accounts.example.org', ['latchkey', 'accounts.example.org', 'example']],
    ['https://auth.acme-tools.co.uk:8443', ['latchkey', 'auth.acme-tools.co.uk', 'acme-tools']],
    ['http://localhost:3000', ['latchkey', 'localhost']],
    ['https://192.0.2.1', ['latchkey']],
    ['https://xn--bcher-kva.example', ['latchkey', 'bücher.example', 'bücher']],
  ])('%s', (publicUrl, words) => {
    expect(serviceWords(publicUrl)).toEqual(words);
  });
});

describe('a password holds a word', () => {
  it.each(['my lovelace!', 'LOVELACE99', 'ｌｏｖｅｌａｃｅ wide'])('%s', (password) => {
    expect(holdsAny(password, ['lovelace'])).toBe(true);
  });
});
