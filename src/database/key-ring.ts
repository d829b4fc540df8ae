import { existsSync, renameSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { MasterKey } from '../common/crypto/master-key.js';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/load-config.js';
import { loadMasterKey, masterKeyFile, readMasterKey } from '../config/master-key-file.js';

/** Where a new master key waits until the database is under it. */
export function nextKeyFile(config: Config): string {
  return `${masterKeyFile(config)}.next`;
}

/** The keys a database is under. Its master key cannot be changed before `release`. */
export interface UnlockedKeys {
  keys: MasterKey;
  release: () => void;
}

/**
 * Loads the master key, and with it the keys of the database, which must be up to date. A change of
 * the master key that was cut short after the database was under the new one is brought to its end.
 *
 * @throws ConfigError when the master key is not the one of this database
 */
export function unlockDatabase(config: Config): UnlockedKeys {
  const masterKey = loadMasterKey(config);
  const db = new BetterSqlite3(config.databaseFile, {
    readonly: true,
    fileMustExist: true,
    timeout: 5000,
  });
  const release = () => void db.close();
  try {
    const ring = readRing(db);
    return { keys: unlocked(masterKey, ring) ?? finishChange(config, ring), release };
  } catch (error) {
    release();
    throw error;
  }
}

/** The ring in a database; undefined when its master key has never been changed. */
export function readRing(db: BetterSqlite3.Database): Uint8Array | undefined {
  const table = db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'KeyRing'`).get();
  if (table === undefined) return undefined; // from before there were rings
  return db.prepare('SELECT "sealed" FROM "KeyRing"').pluck().get() as Uint8Array | undefined;
}

/** Puts the ring in its place. */
export function writeRing(db: BetterSqlite3.Database, ring: Uint8Array, now: Date): void {
  db.prepare(`INSERT OR REPLACE INTO "KeyRing" ("id", "sealed", "changedAt") VALUES (1, ?, ?)`).run(
    ring,
    now.toISOString().replace('Z', '+00:00'),
  );
}

function finishChange(config: Config, ring: Uint8Array | undefined): MasterKey {
  const next = nextKeyFile(config);
  const keys =
    config.masterKey === undefined && existsSync(next)
      ? unlocked(readMasterKey(next), ring)
      : undefined;
  if (!keys) {
    throw new ConfigError([
      {
        variable: 'MASTER_KEY',
        problem: 'is not the key this database is under',
        example: 'put back the master.key that belongs to this database',
      },
    ]);
  }
  renameSync(next, masterKeyFile(config));
  return keys;
}

function unlocked(masterKey: MasterKey, ring: Uint8Array | undefined): MasterKey | undefined {
  try {
    return masterKey.unlock(ring);
  } catch {
    return undefined;
  }
}
