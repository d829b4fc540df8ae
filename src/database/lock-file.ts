import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/**
 * A lock between processes, shared or exclusive, that ends with the process that holds it, however
 * that ends. Node has no locks on files; SQLite has, and where a database works, they do. The file
 * stays empty. Nothing here waits.
 */
export class LockFile {
  readonly #file: BetterSqlite3.Database;

  constructor(path: string) {
    this.#file = new BetterSqlite3(path, { timeout: 0 });
  }

  get held(): boolean {
    return this.#file.inTransaction;
  }

  /** False while somebody holds it exclusively. */
  tryShared(): boolean {
    return this.#try('BEGIN; SELECT count(*) FROM sqlite_master');
  }

  /** False while anybody else holds it. */
  tryExclusive(): boolean {
    return this.#try('BEGIN EXCLUSIVE');
  }

  release(): void {
    if (this.held) this.#file.exec('ROLLBACK');
  }

  close(): void {
    this.#file.close();
  }

  #try(sql: string): boolean {
    try {
      // Else a journal would lie beside it. Reads the file, so it cannot be set once for all above.
      this.#file.exec(`PRAGMA journal_mode = MEMORY; ${sql}`);
      return true;
    } catch (error) {
      this.release();
      if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return false;
      throw error;
    }
  }
}

/** Where a lock on this database lies: beside the file itself, whatever links lead to it. */
export function lockPath(databaseFile: string, name: string): string {
  return `${realPath(databaseFile)}-${name}`;
}

/** The path without links; of a file that is not there yet, its folder's. */
export function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return join(realpathSync(dirname(file)), basename(file));
  }
}
