import { existsSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { knownMigrations, shippedMigrations } from './migrate.js';

/** What can be told of a database in use by looking, without waiting for anybody. */
export interface DatabaseLook extends RowsLook {
  readonly sqlite: string;
  readonly journalMode: string;
  /** What SQLite finds wrong with it. */
  readonly damage: string | undefined;
  /** Migrations the next start will apply. */
  readonly pending: readonly string[];
  readonly walBytes: number;
}

interface RowsLook {
  readonly activeKeyMadeAt: Date | undefined;
  readonly newestAuditAt: Date | undefined;
  readonly oldestWaitingMailAt: Date | undefined;
  readonly deadMails: number;
}

const NO_ROWS: RowsLook = {
  activeKeyMadeAt: undefined,
  newestAuditAt: undefined,
  oldestWaitingMailAt: undefined,
  deadMails: 0,
};

/**
 * Looks at a database that servers may be using; changes nothing.
 *
 * @throws Error when it cannot be read, or was made by a newer version
 */
export function lookAtDatabase(file: string): DatabaseLook {
  const db = new BetterSqlite3(file, { readonly: true, fileMustExist: true, timeout: 5000 });
  try {
    const applied = new Set(knownMigrations(db));
    const damage = db.pragma('quick_check(1)', { simple: true }) as string;
    return {
      sqlite: value(db, 'SELECT sqlite_version()') as string,
      journalMode: db.pragma('journal_mode', { simple: true }) as string,
      damage: damage === 'ok' ? undefined : damage,
      pending: shippedMigrations().filter((name) => !applied.has(name)),
      walBytes: existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0,
      ...(applied.size > 0 ? lookAtRows(db) : NO_ROWS),
    };
  } finally {
    db.close();
  }
}

function lookAtRows(db: BetterSqlite3.Database): RowsLook {
  return {
    activeKeyMadeAt: time(db, `SELECT max("createdAt") FROM "SigningKey" WHERE "state" = 'active'`),
    newestAuditAt: time(db, `SELECT "at" FROM "AuditEvent" ORDER BY "seq" DESC LIMIT 1`),
    oldestWaitingMailAt: time(
      db,
      `SELECT min("createdAt") FROM "OutboxMail" WHERE "state" IN ('requested', 'queued', 'sending')`,
    ),
    deadMails: value(db, `SELECT count(*) FROM "OutboxMail" WHERE "state" = 'dead'`) as number,
  };
}

function time(db: BetterSqlite3.Database, sql: string): Date | undefined {
  const found = value(db, sql);
  return typeof found === 'string' || typeof found === 'number' ? new Date(found) : undefined;
}

function value(db: BetterSqlite3.Database, sql: string): unknown {
  return db.prepare(sql).pluck().get();
}
