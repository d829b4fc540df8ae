import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/** What the database of this data folder holds, read past the server. */
export function rows<Row = any>(dataDir: string, sql: string, ...values: unknown[]): Row[] {
  const db = new BetterSqlite3(join(dataDir, 'latchkey.db'), { readonly: true });
  try {
    return db.prepare(sql).all(...values) as Row[];
  } finally {
    db.close();
  }
}

/** How many rows of the table fit. */
export function count(dataDir: string, table: string, where = '1', ...values: unknown[]): number {
  const [row] = rows(dataDir, `SELECT count(*) AS n FROM "${table}" WHERE ${where}`, ...values);
  return row.n;
}

/** Every table, row for row, as one text: two of them are equal when nothing was changed. */
export function digest(dataDir: string): string {
  const tables = rows<{ name: string }>(
    dataDir,
    `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`,
  );
  return JSON.stringify(tables.map(({ name }) => rows(dataDir, `SELECT * FROM "${name}"`)));
}

/** The bytes of the database as they lie on the disk, its journal included. */
export function databaseBytes(dataDir: string): Buffer {
  return Buffer.concat(
    readdirSync(dataDir)
      .filter((name) => name.startsWith('latchkey.db'))
      .map((name) => readFileSync(join(dataDir, name))),
  );
}
