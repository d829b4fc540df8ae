import BetterSqlite3 from 'better-sqlite3';

export interface ExclusiveHold {
  release: () => void;
  /** The one connection there is, in a transaction; undefined: the file is no sound database. */
  database?: BetterSqlite3.Database;
}

/**
 * Keeps every other process out of a database that is about to be replaced or
 * rewritten, and folds its journal
 * into it, so that it is one file. (SQLite lets nobody leave WAL mode while another connection
 * lives, server, tool or shell; nor is a connection of a dead process in the way.)
 *
 * @returns undefined: another process has it open. Call `release` when it is replaced. A file that
 *   is no sound database is not held, and keeps its journal.
 */
export function holdExclusively(file: string): ExclusiveHold | undefined {
  const db = new BetterSqlite3(file, { fileMustExist: true, timeout: 2000 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    if (db.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') {
      db.close();
      return undefined;
    }
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('SQLITE_BUSY')) return undefined;
    if (/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(code)) return { release: () => {} };
    throw error;
  }
  return { release: () => void db.close(), database: db };
}
