import type BetterSqlite3 from 'better-sqlite3';
import type { KeyPurpose, MasterKey } from '../common/crypto/master-key.js';

/** A column that holds what `MasterKey.seal(purpose, row[context], ...)` gave. */
export interface SealedColumn {
  table: string;
  column: string;
  /** The column whose value must be given again to open it. */
  context: string;
  purpose: KeyPurpose;
}

/**
 * Everything in the database that is encrypted with a key derived from the master key: what a change
 * of the master key has to encrypt again. Whoever adds such a column adds it here.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'SigningKey', column: 'privateKey', context: 'kid', purpose: 'signing-key-at-rest' },
  { table: 'OutboxMail', column: 'data', context: 'id', purpose: 'mail-at-rest' },
  { table: 'CapturedMail', column: 'message', context: 'id', purpose: 'mail-at-rest' },
  { table: 'TotpFactor', column: 'seed', context: 'userId', purpose: 'totp-seed-at-rest' },
];

/**
 * Seals all of it again; call it inside a transaction.
 *
 * @returns how many values that were
 * @throws Error naming the row that `from` does not open
 */
export function resealAll(db: BetterSqlite3.Database, from: MasterKey, to: MasterKey): number {
  let resealed = 0;
  for (const { table, column, context, purpose } of SEALED_COLUMNS) {
    const rowids = db
      .prepare(`SELECT rowid FROM "${table}" WHERE "${column}" IS NOT NULL`)
      .pluck()
      .all();
    const read = db.prepare<unknown[], { sealed: Uint8Array; context: string }>(
      `SELECT "${column}" AS sealed, "${context}" AS context FROM "${table}" WHERE rowid = ?`,
    );
    const write = db.prepare(`UPDATE "${table}" SET "${column}" = ? WHERE rowid = ?`);
    for (const rowid of rowids) {
      const row = read.get(rowid)!;
      let plain: Buffer;
      try {
        plain = from.open(purpose, row.context, row.sealed);
      } catch {
        throw new Error(`${table}.${column} of ${row.context} does not open with the master key`);
      }
      write.run(to.seal(purpose, row.context, plain), rowid);
      resealed++;
    }
  }
  return resealed;
}
