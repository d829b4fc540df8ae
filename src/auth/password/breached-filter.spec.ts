import { createHash } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dictionary } from '@zxcvbn-ts/language-common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BreachedFilter, bytesEach } from './breached-filter.js';
import { readPasswordList, writeBreachedFilter } from './breached-filter.writer.js';
import { filterFault, isBreached, SHIPPED_FILTER } from './breached-passwords.js';

const silent = () => undefined;
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-filter-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Makes a filter of a list file with these lines. */
async function filterOf(name: string, lines: string[], minCount?: number): Promise<string> {
  const list = join(folder, name);
  const path = join(folder, 'filter');
  writeFileSync(list, lines.map((line) => `${line}\n`).join(''));
  await writeBreachedFilter(() => readPasswordList(list), path, minCount);
  return path;
}

const finds = (path: string, password: string) => isBreached(password, path, silent);

describe('the filter that ships', () => {
  it('[6.2.12] holds every password of the list it is made from', async () => {
    const passwords = dictionary['passwords-common'] as string[];
    const filter = await BreachedFilter.open(SHIPPED_FILTER);
    try {
      expect(filter.count).toBe(passwords.length);
      const sample = passwords.filter((_, nr) => nr % 25 === 0);
      for (const password of sample)
        expect([password, await filter.has(password)]).toEqual([password, true]);
    } finally {
      await filter.close();
    }
  });

  it('is what `npm run passwords:filter -- --shipped` writes', async () => {
    const entries = (dictionary['passwords-common'] as string[]).map((password) => ({ password }));
    const path = join(folder, 'again');
    await writeBreachedFilter(() => entries, path);
    expect(readFileSync(path).equals(readFileSync(SHIPPED_FILTER))).toBe(true);
  });

  it('takes no other for one of them', async () => {
    const filter = await BreachedFilter.open(SHIPPED_FILTER);
    try {
      // The same at each run: of random ones, one in ten million is taken for one of them.
      for (let nr = 0; nr < 2000; nr++) expect(await filter.has(`stranger ${nr}`)).toBe(false);
    } finally {
      await filter.close();
    }
  });
});

describe('a filter of any size', () => {
  it.each([1, 49_233, 1e6, 1e9, 1e10])(
    'of %d passwords takes fewer than one stranger in a million for one of them',
    (count) => {
      const lookups = 2;
      expect((lookups * count) / 2 ** (8 * bytesEach(count))).toBeLessThanOrEqual(1e-6);
      expect(bytesEach(count)).toBeLessThanOrEqual(8);
    },
  );

  it.each([1, 2, 1023, 1024, 1025, 2048, 5000])(
    'of %d passwords finds each, and no other',
    async (count) => {
      const passwords = Array.from({ length: count }, (_, nr) => `password no. ${nr}`);
      const filter = await BreachedFilter.open(await filterOf('list.txt', passwords));
      try {
        expect(filter.count).toBe(count);
        for (const password of passwords) expect(await filter.has(password)).toBe(true);
        for (let nr = 0; nr < 200; nr++) expect(await filter.has(`other no. ${nr}`)).toBe(false);
      } finally {
        await filter.close();
      }
    },
  );
});

describe('a list', () => {
  it('may hold passwords, one a line', async () => {
    const path = await filterOf('list.txt', ['plum tree 17', '', '密码密码密码', 'plum tree 17']);
    expect(await finds(path, 'plum tree 17')).toBe(true);
    expect(await finds(path, 'Plum Tree 17')).toBe(true);
    expect(await finds(path, '密码密码密码')).toBe(true);
    expect(await finds(path, 'plum tree 18')).toBe(false);
  });

  it('may hold SHA-1 and counts, sorted or not, and leave out what was rarely seen', async () => {
    const lines = [
      `${sha1('seen often 5')}:40`,
      `${sha1('seen once 5')}:1`,
      sha1('seen 5').toLowerCase(),
    ];
    for (const ordered of [lines, lines.toReversed(), lines.toSorted()]) {
      const path = await filterOf('list.txt', ordered, 2);
      expect(await finds(path, 'seen often 5')).toBe(true);
      expect(await finds(path, 'seen once 5')).toBe(false);
      expect(await finds(path, 'seen 5')).toBe(true);
    }
  });

  it('may be NDJSON', async () => {
    const path = await filterOf('list.ndjson', [
      JSON.stringify({ password: '{"odd"} one' }),
      JSON.stringify({ sha1: sha1('hashed one 5'), count: 3 }),
    ]);
    expect(await finds(path, '{"odd"} one')).toBe(true);
    expect(await finds(path, 'hashed one 5')).toBe(true);
  });

  it('that is broken is refused with the line, and leaves the old filter alone', async () => {
    const path = await filterOf('list.txt', ['plum tree 17']);
    await expect(filterOf('list.ndjson', ['{"password":"x"}', '{"sha1":"x"}'])).rejects.toThrow(
      'Line 2',
    );
    await expect(filterOf('list.ndjson', ['not json'])).rejects.toThrow('Line 1');
    expect(await finds(path, 'plum tree 17')).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['filter', 'list.ndjson', 'list.txt']);
  });
});

describe("an operator's filter that cannot be used", () => {
  it.each<[string, string, (path: string) => void]>([
    ['is missing', 'ENOENT', (path) => rmSync(path)],
    ['is cut short', 'NOT_A_FILTER', (path) => truncateSync(path, 25)],
    ['is empty', 'NOT_A_FILTER', (path) => truncateSync(path, 0)],
    ['is another file', 'NOT_A_FILTER', (path) => writeFileSync(path, 'plum tree 17\n'.repeat(9))],
  ])('because it %s is told, and the one that ships decides alone', async (_, reason, damage) => {
    const path = await filterOf('list.txt', ['plum tree 17']);
    expect(await filterFault(path)).toBeUndefined();
    damage(path);
    expect(await filterFault(path)).toBe(reason);
    const reasons: string[] = [];
    expect(await isBreached('plum tree 17', path, (told) => reasons.push(told))).toBe(false);
    expect(reasons).toEqual([reason]);
    expect(await isBreached('trustno1', path, silent)).toBe(true);
  });
});
