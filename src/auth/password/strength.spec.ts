import { describe, expect, it } from 'vitest';
import { weakness } from './strength.js';

describe('a password that would be guessed soon is told why', () => {
  it.each([
    ['hunter2hunter2', 'repeats itself'],
    ['zzzzzzzzzz', 'repeats one character'],
    ['😀😀😀😀😀😀😀😀', 'repeats itself'],
    ['qwertyuiop[]', 'row of the keyboard'],
    ['2024-05-06', 'a date'],
    ['Summer2025', 'close to a common password'],
    ['P@ssw0rd1', 'Writing @ for a'],
    ['kallisto77', 'known of you'],
  ])('%s', async (password, why) => {
    expect(await weakness(password, ['kallisto', 'example'])).toContain(why);
  });
});

describe('[6.2.5] what is unusual is not called weak, whatever it is made of', () => {
  it.each([
    'correct horse battery staple',
    'onlylowercaseletters',
    'i like turtles',
    'q7#Lw0zp',
    'xkqzjvwp',
    '8402 1957 3306',
    '  two spaces  ',
    '正しい馬の電池とホチキス',
    'ひみつのことばは海',
    'непростойпароль',
    '😀😃😄😁😆😅😂🤣',
  ])('%s', async (password) => {
    expect(await weakness(password, ['ada', 'example'])).toBeUndefined();
  });

  it('nor what is longer than any guess', async () => {
    for (const long of [
      '🦀'.repeat(64),
      '🦀'.repeat(128),
      'x'.repeat(72) + 'y',
      'ab '.repeat(40),
    ]) {
      expect(await weakness(long, [])).toBeUndefined();
    }
  });
});
