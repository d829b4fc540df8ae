import { describe, expect, it } from 'vitest';
import { commonPasswords } from './common-passwords.js';
import { passwordFaults, type PasswordRules } from './password.policy.js';

const ADA = { email: 'ada.lovelace@analytical.example', name: 'Augusta Ada King' };
const NOBODY = { email: 'x@y.example', name: null };
const RULES: PasswordRules = { minLength: 8, classes: [], isCommon: () => false };

function codes(
  password: string,
  person = NOBODY as typeof ADA | typeof NOBODY,
  rules = {},
): string[] {
  return passwordFaults(password, person, { ...RULES, ...rules }, '/password').map(
    ({ code }) => code,
  );
}

describe('a password', () => {
  it.each([
    'eight ch',
    '        ',
    'onlylowercase',
    '12345678',
    '!!!!!!!!',
    'пароль из слов',
    '正しい馬の電池とホチキス',
    '🦀'.repeat(8),
    '🦀'.repeat(128),
    'x'.repeat(128),
  ])('may be %j', (password) => {
    expect(codes(password)).toEqual([]);
  });

  it.each([
    ['seven c', 'too_short'],
    ['🦀'.repeat(7), 'too_short'],
    ['', 'too_short'],
    ['x'.repeat(129), 'too_long'],
    ['🦀'.repeat(129), 'too_long'],
    ['before\u0000after', 'control_character'],
    ['before\nafter', 'control_character'],
    ['before\u007fafter', 'control_character'],
    ['before\u009fafter', 'control_character'],
    ['before\ud800after', 'not_text'],
  ])('%j is refused: %s', (password, code) => {
    expect(codes(password)).toEqual([code]);
  });

  it('is measured in its normal form, in which it is hashed', () => {
    expect(codes('ﬀﬀﬀﬀ')).toEqual([]); // four ligatures, eight letters
    expect(codes('e\u0301'.repeat(7))).toEqual(['too_short']);
    expect(codes('e\u0301'.repeat(128))).toEqual([]);
  });

  it('is as long as the operator wants it', () => {
    expect(codes('eleven char', NOBODY, { minLength: 12 })).toEqual(['too_short']);
    expect(codes('twelve chars', NOBODY, { minLength: 12 })).toEqual([]);
  });

  it('holds the classes the operator names, in any script', () => {
    const classes = ['lower', 'upper', 'digit', 'symbol'];
    expect(codes('no upper 1!', NOBODY, { classes })).toEqual(['missing_upper']);
    expect(codes('Öl über 1 Ä', NOBODY, { classes })).toEqual([]);
    expect(codes('ЖжЖж٣٣-٣٣', NOBODY, { classes })).toEqual([]);
    expect(codes('alllettersonly', NOBODY, { classes: ['symbol'] })).toEqual(['missing_symbol']);
    expect(codes('🦀 is a symbol', NOBODY, { classes: ['symbol'] })).toEqual([]);
  });

  it.each([
    'my lovelace password',
    'LOVELACE1815',
    'ada.lovelace!',
    'analytical99',
    'xXaugustaXx',
    'ＬＯＶＥＬＡＣＥ',
  ])('%j holds what belongs to the person', (password) => {
    expect(codes(password, ADA)).toEqual(['contains_personal_data']);
  });

  it('may hold words too short to tell anything', () => {
    expect(codes('ada and the canada', { ...ADA, name: 'Ada Li' })).toEqual([]);
  });

  it('gets every reason at once, each with advice and the field it came in', () => {
    const faults = passwordFaults(
      'ada1',
      ADA,
      { ...RULES, classes: ['upper'], isCommon: () => true },
      '/new',
    );
    expect(faults.map(({ code }) => code)).toEqual(['too_short', 'missing_upper', 'too_common']);
    for (const { pointer, detail } of faults) {
      expect(pointer).toBe('/new');
      expect(detail).toMatch(/\.$/);
      expect(detail).not.toContain('ada1');
    }
  });
});

describe('the list of common passwords', () => {
  it.each(['password', '123456789', 'qwertyuiop', 'iloveyou', 'trustno1', 'password1'])(
    'holds %s',
    async (password) => {
      expect((await commonPasswords()).has(password)).toBe(true);
    },
  );

  it('is in lower case, as it is asked', async () => {
    const list = await commonPasswords();
    expect(list.size).toBeGreaterThan(3000);
    expect([...list].filter((password) => password !== password.toLowerCase())).toEqual([]);
  });
});
