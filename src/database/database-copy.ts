import BetterSqlite3 from 'better-sqlite3';
import { readRing } from './key-ring.js';
import { knownMigrations } from './migrate.js';

/** What a database file that nobody uses holds. */
export interface DatabaseFacts {
  /** Applied migrations, in order. */
  migrations: string[];
  /** Number of rows by table. */
  rows: Record<string, number>;
  /** What the master key locks the keys of the database in; undefined: it is the key itself. */
  ring: Uint8Array | undefined;
  /** Sealed under the keys of the database. */
  signingKeys: { kid: string; privateKey: Uint8Array }[];
}

/**
 * Copies a database that others may be writing to: what is committed at one moment, all of it and
 * nothing else. It reads in one transaction, so writers do not wait (WAL) and cannot make it begin
 * anew, as they can with SQLite's page-by-page backup. The copy has no free pages, and so nothing
 * that was deleted. It is not yet safe from a power cut.
 */
export function copyDatabase(from: string, to: string): void {
  const db = new BetterSqlite3(from, { fileMustExist: true, timeout: 15_000 });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
}

/**
 * Checks a database file without writing to it.
 *
 * @throws Error that says what is wrong: pages or indexes that are damaged, rows without their
 *   parent, migrations this version does not know
 */
export function inspectDatabase(file: string): DatabaseFacts {
  const db = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    const damage = db.pragma('integrity_check(3)', { simple: true });
    if (damage !== 'ok') throw new Error(`it is damaged: ${String(damage)}`);
    const orphans = (db.pragma('foreign_key_check') as unknown[]).length;
    if (orphans > 0) throw new Error(`${orphans} of its rows lack their parent`);
    return {
      migrations: knownMigrations(db),
      rows: rowCounts(db),
      ring: readRing(db),
      signingKeys: db
        .prepare('SELECT "kid", "privateKey" FROM "SigningKey"')
        .all() as DatabaseFacts['signingKeys'],
    };
  } finally {
    db.close();
  }
}

function rowCounts(db: BetterSqlite3.Database): Record<string, number> {
  const tables = db
    .prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
       ORDER BY name`,
    )
    .pluck()
    .all() as string[];
  const count = (table: string): number =>
    db
      .prepare(`SELECT count(*) FROM "${table.replaceAll('"', '""')}"`)
      .pluck()
      .get() as number;
  return Object.fromEntries(tables.map((table) => [table, count(table)]));
}
