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

describe('no password', () => {
  const LEET = '4@8({[<369&#!1|0$5+7%2';
  const words = Array.from({ length: 60 }, (_, nr) => `word${nr}`);

  it.each<[string, (length: number) => string]>([
    ['of one digit', (length) => '1'.repeat(length)],
    ['of two digits', (length) => Array.from({ length }, (_, i) => ((i * 7) % 3) % 2).join('')],
    ['of digits', (length) => '3141592653589793238462643383279'.slice(0, length)],
    ['that can be read in many ways', (length) => LEET.repeat(2).slice(0, length)],
    [
      'of common words that can be read in many ways',
      (length) => 'p4$$w0rd5un5h1n3l3tm31n0123456789'.slice(0, length),
    ],
    ['of nested repeats', (length) => 'aabaabcaabaabcdaabaabcaabaabcdeaab'.slice(0, length)],
    ['of slashes', (length) => '\\/'.repeat(length / 2)],
    ['of emoji', (length) => '🦀🦊'.repeat(length / 2)],
  ])('%s costs more than 50 ms', async (_, make) => {
    await weakness(make(31), words); // also loads the dictionaries
    const costs: number[] = [];
    for (let nr = 0; nr < 5; nr++) {
      const before = process.cpuUsage();
      await weakness(make(31), words);
      const { user, system } = process.cpuUsage(before);
      costs.push((user + system) / 1000);
    }
    expect(Math.min(...costs)).toBeLessThan(50);
  });

  it('of 32 or 1024 characters costs anything', async () => {
    const before = performance.now();
    for (let nr = 0; nr < 100; nr++) await weakness(`${nr}${'4@8({[<'.repeat(146)}`, words);
    expect(performance.now() - before).toBeLessThan(500);
  });
});
