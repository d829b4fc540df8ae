import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';

/** The SQL that ships with the server, one folder a migration, applied in the order of their names. */
export const MIGRATIONS_FOLDER = fileURLToPath(
  new URL('../../prisma/migrations/sqlite', import.meta.url),
);

/** The table that `prisma migrate` keeps, so that Prisma's own tools understand the file. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "checksum" TEXT NOT NULL,
  "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL,
  "logs" TEXT,
  "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/**
 * Brings the database file up to the newest migration, all or nothing. Safe to call from several
 * processes at once: one applies, the others wait and find nothing to do.
 *
 * @returns the names applied; before the first, a copy of a file that holds anything is written to
 *   `snapshotFolder`
 * @throws when an applied migration has been edited since, or the file is newer than this server
 */
export function migrate(
  file: string,
  snapshotFolder: string,
  folder: string = MIGRATIONS_FOLDER,
): string[] {
  const migrations = readMigrations(folder);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const isNew = !existsSync(file) || statSync(file).size === 0;
  const db = new BetterSqlite3(file, { timeout: 15_000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    if (pending(db, migrations).length === 0) return [];
    if (!isNew) snapshot(db, snapshotFolder);

    // Rebuilding a table drops its parent for a moment. The pragma has no effect inside a
    // transaction, so it comes first, and foreign_key_check stands in for it before COMMIT.
    db.pragma('foreign_keys = OFF');
    db.exec('BEGIN IMMEDIATE');
    try {
      const todo = pending(db, migrations); // again: another process may have been faster
      db.exec(MIGRATIONS_TABLE);
      for (const migration of todo) apply(db, migration);
      const broken = db.pragma('foreign_key_check') as unknown[];
      if (broken.length > 0) {
        throw new Error(`the migration leaves ${broken.length} rows without their parent`);
      }
      db.exec('COMMIT');
      return todo.map((migration) => migration.name);
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  } finally {
    db.close();
  }
}

/**
 * Names of the migrations that were applied to an open database, oldest first.
 *
 * @throws when one of them has been edited since, or is not known to this version
 */
export function knownMigrations(
  db: BetterSqlite3.Database,
  folder: string = MIGRATIONS_FOLDER,
): string[] {
  const migrations = readMigrations(folder);
  const missing = new Set(pending(db, migrations).map(({ name }) => name));
  return migrations.map(({ name }) => name).filter((name) => !missing.has(name));
}

/** Names of the migrations that come with this version, oldest first. */
export function shippedMigrations(): string[] {
  return readMigrations(MIGRATIONS_FOLDER).map(({ name }) => name);
}

/** One entry of SQLite's own table of what a database holds. */
export interface SchemaEntry {
  type: 'table' | 'index' | 'trigger' | 'view';
  name: string;
  /** Of a trigger or an index: the table it belongs to. */
  table: string;
  sql: string | null;
}

/** What a database holds that all migrations of this version were applied to, and nothing else. */
export function shippedSchema(): SchemaEntry[] {
  const db = new BetterSqlite3(':memory:');
  try {
    for (const { sql } of readMigrations(MIGRATIONS_FOLDER)) db.exec(sql);
    return db
      .prepare(`SELECT "type", "name", "tbl_name" AS "table", "sql" FROM sqlite_master`)
      .all() as SchemaEntry[];
  } finally {
    db.close();
  }
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

function pending(db: BetterSqlite3.Database, migrations: Migration[]): Migration[] {
  const hasTable = db
    .prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'`)
    .get();
  if (!hasTable) return migrations;
  const rows = db
    .prepare(
      `SELECT migration_name AS name, checksum FROM "_prisma_migrations"
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    )
    .all() as { name: string; checksum: string }[];
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));

  for (const migration of migrations) {
    const checksum = applied.get(migration.name);
    if (checksum !== undefined && checksum !== migration.checksum) {
      throw new Error(
        `migration ${migration.name} has been edited since it was applied to this database`,
      );
    }
    applied.delete(migration.name);
  }
  const [unknown] = applied.keys();
  if (unknown !== undefined) {
    throw new Error(
      `the database was made by a newer version: it holds migration ${unknown}, which this one does not know`,
    );
  }
  const names = new Set(rows.map((row) => row.name));
  return migrations.filter((migration) => !names.has(migration.name));
}

function apply(db: BetterSqlite3.Database, migration: Migration): void {
  try {
    db.exec(migration.sql);
  } catch (error) {
    throw new Error(`migration ${migration.name} failed: ${(error as Error).message}`);
  }
  db.prepare(
    `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES (?, ?, ?, current_timestamp, 1)`,
  ).run(randomUUID(), migration.checksum, migration.name);
}

function snapshot(db: BetterSqlite3.Database, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  db.prepare('VACUUM INTO ?').run(join(folder, `before-migration-${stamp}-${process.pid}.db`));
}
