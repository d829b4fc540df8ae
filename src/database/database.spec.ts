import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../config/config.js';
import { Database } from './database.js';
import { GatedSqlite } from './gated-sqlite.js';

describe('the watch for other processes', () => {
  let folder: string;
  let database: Database;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    folder = mkdtempSync(join(tmpdir(), 'latchkey-database-'));
    database = new Database({ databaseFile: join(folder, 'latchkey.db') } as Config);
    await database.open();
  });
  afterEach(async () => {
    await database.onApplicationShutdown();
    vi.useRealTimers();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('outlives a file that cannot be read: one line for all failures, then it goes on', () => {
    const errors = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const listener = vi.fn();
    database.onForeignChange(listener);
    const version = vi.spyOn(GatedSqlite.prototype, 'foreignVersion').mockImplementation(() => {
      throw new Error('disk I/O error');
    });
    vi.advanceTimersByTime(1000);
    expect(version.mock.calls.length).toBeGreaterThan(1);
    expect(errors).toHaveBeenCalledTimes(1);

    version.mockReturnValue(-1);
    vi.advanceTimersByTime(1000);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(errors).toHaveBeenCalledTimes(1);
  });

  it('calls a listener that failed once more', () => {
    vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const listener = vi.fn().mockImplementationOnce(() => {
      throw new Error('not now');
    });
    database.onForeignChange(listener);
    vi.spyOn(GatedSqlite.prototype, 'foreignVersion').mockReturnValue(-1);
    vi.advanceTimersByTime(1000);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe('what is to follow a commit', () => {
  let folder: string;
  let database: Database;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-commit-'));
    database = new Database({ databaseFile: join(folder, 'latchkey.db') } as Config);
    await database.open();
  });
  afterEach(async () => {
    await database.onApplicationShutdown();
    rmSync(folder, { recursive: true });
  });

  it('follows it, also when something before it fails, and follows no roll-back', async () => {
    await database.execute`CREATE TABLE "t" ("n" INTEGER)`;
    const effect = vi.fn();
    const work = database.transaction(async () => {
      database.afterCommit(() => {
        throw new Error('no cookie');
      });
      database.afterCommit(effect);
      await database.execute`INSERT INTO "t" VALUES (1)`;
      expect(effect).not.toHaveBeenCalled();
    });
    await expect(work).rejects.toThrow('no cookie');
    expect(effect).toHaveBeenCalledTimes(1);
    expect(await database.query`SELECT "n" FROM "t"`).toEqual([{ n: 1 }]);

    const undone = database.transaction(async () => {
      database.afterCommit(effect);
      await database.execute`INSERT INTO "t" VALUES (2)`;
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(effect).toHaveBeenCalledTimes(1);
  });
});

describe('the write-ahead log', () => {
  it('gives its room back once the reader who let it grow has gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-log-'));
    const file = join(folder, 'latchkey.db');
    const database = new Database({ databaseFile: file } as Config);
    await database.open();
    const size = () => statSync(`${file}-wal`).size;
    const write = (bytes: number) =>
      database.execute`UPDATE "Block" SET "content" = zeroblob(${bytes}) WHERE "id" = 1`;
    await database.execute`CREATE TABLE "Block" ("id" INTEGER PRIMARY KEY, "content" BLOB)`;
    await database.execute`INSERT INTO "Block" ("id") VALUES (1)`;

    const reader = new BetterSqlite3(file, { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM "Block"').get();
    for (let nr = 0; nr < 16; nr++) await write(4 * 2 ** 20 + nr);
    expect(size()).toBeGreaterThan(48 * 2 ** 20);
    reader.close();
    for (let nr = 0; nr < 3; nr++) await write(10 + nr);
    expect(size()).toBeLessThanOrEqual(32 * 2 ** 20);
    await database.onApplicationShutdown();
    rmSync(folder, { recursive: true });
  });
});
