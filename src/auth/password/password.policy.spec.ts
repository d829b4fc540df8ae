import { describe, expect, it } from 'vitest';
import { passwordFaults } from './password.policy.js';

const NO_WORDS = { ofPerson: [], ofService: [] };

const codes = (password: string, classes: ('lower' | 'upper' | 'digit' | 'symbol')[] = []) =>
  passwordFaults(password, { minLength: 8, classes }, NO_WORDS).map(({ code }) => code);

describe('[6.2.5] without PASSWORD_CLASSES any composition will do', () => {
  it.each([
    'lowercase only',
    'UPPERCASE ONLY',
    '8402 1957',
    '!?!?!?!?',
    '正しい馬の電池と',
    '🦀🦊🦉🐝🐙🦔🐢🦑',
  ])('%s', (password) => {
    expect(codes(password)).toEqual([]);
  });
});

describe('each class of PASSWORD_CLASSES that is missing is named', () => {
  it.each<[string, string[]]>([
    ['abcdefgh', ['missing_upper', 'missing_digit', 'missing_symbol']],
    ['ABCDEFGH', ['missing_lower', 'missing_digit', 'missing_symbol']],
    ['12345678', ['missing_lower', 'missing_upper', 'missing_symbol']],
    ['!!!!!!!!', ['missing_lower', 'missing_upper', 'missing_digit']],
    ['正しい馬の電池と', ['missing_lower', 'missing_upper', 'missing_digit', 'missing_symbol']],
    ['ßЖ٣ bbbb', []],
    ['aB3 aB3 ', []],
    ['aB3🦀aB3🦀', []],
  ])('%s', (password, expected) => {
    expect(codes(password, ['lower', 'upper', 'digit', 'symbol'])).toEqual(expected);
  });
});

describe('[6.2.9] length is counted in characters after normalisation', () => {
  it.each<[string, string, string[]]>([
    ['8 emoji', '🦀'.repeat(8), []],
    ['7 emoji', '🦀'.repeat(7), ['too_short']],
    ['128 emoji', '🦀'.repeat(128), []],
    ['129 emoji', '🦀'.repeat(129), ['too_long']],
    ['8 letters of two code points each', 'e\u0301'.repeat(8), []],
    ['7 letters of two code points each', 'e\u0301'.repeat(7), ['too_short']],
    ['one ligature that stands for 18 letters', '\ufdfa', []],
  ])('%s', (_, password, expected) => {
    expect(codes(password)).toEqual(expected);
  });
});

describe('what is no text', () => {
  it.each<[string, string, string]>([
    ['NUL', 'before\u0000after', 'control_character'],
    ['DEL', 'before\u007fafter', 'control_character'],
    ['C1', 'before\u0085after', 'control_character'],
    ['half a character', 'before\ud800after', 'not_text'],
  ])('is refused: %s', (_, password, code) => {
    expect(codes(password)).toEqual([code]);
  });
});
