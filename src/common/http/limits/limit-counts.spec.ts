import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../../config/config.js';
import { Database } from '../../../database/database.js';
import { migrate } from '../../../database/migrate.js';
import type { Budget } from './guess.policy.js';
import { LimitCounts } from './limit-counts.js';

const MINUTE = 60_000;
const NOON = Date.parse('2026-01-01T12:00:00Z');
const RATE = { count: 3, windowMs: MINUTE };

let folder: string;
let database: Database;
let counts: LimitCounts;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-counts-'));
  migrate(join(folder, 'latchkey.db'), folder);
  database = new Database({ databaseFile: join(folder, 'latchkey.db') } as Config);
  await database.open();
  counts = new LimitCounts(database);
});
afterEach(async () => {
  await database.onApplicationShutdown();
  rmSync(folder, { recursive: true });
});

function rowCount(): Promise<number> {
  return database.client.limitCount.count();
}

const budget = (key: string): Budget => ({ key, limit: 'failures', rate: RATE });

describe('a hit', () => {
  const hit = (now: number) => counts.hit('key', 'register', RATE, now);

  it('is counted to the limit and one past it, and no further', async () => {
    const seen = [];
    for (let nr = 0; nr < 5; nr++) seen.push((await hit(NOON + nr)).count);
    expect(seen).toEqual([1, 2, 3, 4, 4]);
    expect(await hit(NOON + MINUTE - 1)).toEqual({ count: 4, endsAt: NOON + MINUTE });
    expect(await hit(NOON + MINUTE)).toEqual({ count: 1, endsAt: NOON + 2 * MINUTE });
  });

  it('begins another window when the clock was set back', async () => {
    await hit(NOON);
    const dayBefore = NOON - 86_400_000;
    expect(await hit(dayBefore)).toEqual({ count: 1, endsAt: dayBefore + MINUTE });
  });
});

describe('a guess', () => {
  it('has room once while it is judged, under all its keys or under none', async () => {
    const both = [budget('a'), budget('b')];
    for (let nr = 0; nr < 3; nr++) expect(await counts.reserve(both, NOON)).toBe(true);
    expect(await counts.reserve([budget('b'), budget('c')], NOON)).toBe(false);
    expect(await counts.read(['c'])).toEqual([]);
    await counts.giveBack(both);
    expect(await counts.reserve([budget('b'), budget('c')], NOON)).toBe(true);
  });

  it('that was wrong has none until the window ends', async () => {
    for (let nr = 0; nr < 3; nr++) {
      expect(await counts.reserve([budget('a')], NOON)).toBe(true);
      const [count] = await counts.fail([budget('a')], NOON);
      expect(count).toEqual({ key: 'a', failures: nr + 1, endsAt: NOON + MINUTE });
    }
    expect(await counts.reserve([budget('a')], NOON + MINUTE - 1)).toBe(false);
    expect(await counts.reserve([budget('a')], NOON + MINUTE)).toBe(true);
  });

  it('that looked at the clock before another, and comes after it, begins no other window', async () => {
    expect(await counts.reserve([budget('a')], NOON)).toBe(true);
    expect(await counts.reserve([budget('a')], NOON - 1)).toBe(true);
    await counts.fail([budget('a')], NOON);
    expect(await counts.reserve([budget('a')], NOON - 1)).toBe(true);
    expect(await counts.reserve([budget('a')], NOON - 1)).toBe(false);
    // Nor does it make failures of what is still being judged.
    expect(await counts.read(['a'])).toMatchObject([{ failures: 1, pending: 2 }]);
  });

  it('is told of once in a window', async () => {
    await counts.reserve([budget('a')], NOON);
    expect([await counts.tellOnce('a'), await counts.tellOnce('a')]).toEqual([true, false]);
    await counts.reserve([budget('a')], NOON + MINUTE);
    expect(await counts.tellOnce('a')).toBe(true);
  });
});

describe('the table', () => {
  it('gives back what is over, while guesses go on', async () => {
    for (let nr = 0; nr < 600; nr++) await counts.reserve([budget(`key ${nr}`)], NOON);
    const steady: Budget = { ...budget('steady'), countsOnly: true };
    for (let nr = 0; nr < 600; nr++) await counts.reserve([steady], NOON + MINUTE);
    expect(await rowCount()).toBeLessThan(100);
  });

  it('holds 100,000 rows, and past that forgets the windows that end first', async () => {
    await database.execute`
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 102499)
      INSERT INTO LimitCount SELECT 'key ' || i, 'failures', NULL, 1, 0, 0, 0, ${NOON} + i + 1, FALSE
      FROM n`;
    let forgotten = 0;
    for await (const step of counts.forgetEnded(NOON)) forgotten += step;
    expect([forgotten, await rowCount()]).toEqual([2500, 100_000]);
    expect(await counts.read(['key 0', 'key 102499'])).toMatchObject([{ key: 'key 102499' }]);
  });

  it('lets a few more be while guesses go on, and takes a thousand at once', async () => {
    await database.execute`
      WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 100899)
      INSERT INTO LimitCount SELECT 'key ' || i, 'failures', NULL, 1, 0, 0, 0, ${NOON} + i + 1, FALSE
      FROM n`;
    for (let nr = 0; nr < 700; nr++) await counts.reserve([budget(`new ${nr}`)], NOON);
    expect(await rowCount()).toBeGreaterThan(100_000);
    expect(await rowCount()).toBeLessThan(101_000);
  });
});
