import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/** What the database of this data folder holds, read past the server. */
export function rows(dataDir, sql, ...values) {
  const db = new BetterSqlite3(join(dataDir, 'latchkey.db'), { readonly: true, timeout: 5000 });
  try {
    return db.prepare(sql).all(...values);
  } finally {
    db.close();
  }
}

export function count(dataDir, table, where = '1', ...values) {
  return rows(dataDir, `SELECT count(*) AS n FROM "${table}" WHERE ${where}`, ...values)[0].n;
}

/** Rows that should not be there after any whole number of transactions. */
const HALVES = {
  'accounts without a role': `SELECT id FROM User WHERE id NOT IN (SELECT userId FROM UserRole)`,
  'accounts nobody wrote down': `SELECT id FROM User WHERE id NOT IN
    (SELECT subject FROM AuditEvent WHERE type IN ('user.registered', 'administrator.created'))`,
  'accounts without their mail': `SELECT id FROM User WHERE emailKey NOT IN
    (SELECT recipientKey FROM OutboxMail)
    AND id NOT IN (SELECT subject FROM AuditEvent WHERE type = 'administrator.created')`,
  'confirmations nobody wrote down': `SELECT id FROM User WHERE emailVerifiedAt IS NOT NULL
    AND id NOT IN
      (SELECT subject FROM AuditEvent WHERE type IN ('user.verified', 'administrator.created'))`,
  'sign-outs nobody wrote down': `SELECT id FROM Session WHERE endReason = 'logout' AND id NOT IN
    (SELECT json_extract(detail, '$.after.session') FROM AuditEvent WHERE type = 'session.ended')`,
  'sign-ins nobody wrote down': `SELECT id FROM Session WHERE id NOT IN
    (SELECT json_extract(detail, '$.after.session') FROM AuditEvent
     WHERE type = 'login.succeeded')`,
};

/**
 * Looks at a copy of the database, as a process left it: a violation for damage, broken references
 * and halves of transactions.
 */
export function expectWhole(t, dataDir, when) {
  const copy = t.folder();
  for (const name of readdirSync(dataDir).filter((file) => /^latchkey\.db(-wal)?$/.test(file)))
    cpSync(join(dataDir, name), join(copy, name));
  const db = new BetterSqlite3(join(copy, 'latchkey.db'));
  try {
    const integrity = db.pragma('integrity_check', { simple: true });
    t.expect(integrity === 'ok', `${when}: integrity_check says ${integrity}`);
    const orphans = db.pragma('foreign_key_check');
    t.expect(orphans.length === 0, `${when}: ${orphans.length} rows without their parent`);
    for (const [what, sql] of Object.entries(HALVES)) {
      const found = db.prepare(sql).all();
      t.expect(found.length === 0, `${when}: ${found.length} ${what}`);
    }
  } finally {
    db.close();
    rmSync(copy, { recursive: true });
  }
}

/**
 * Holds a lock on the file, or reads from it without an end, as another process would, until the
 * result is called.
 *
 * @param kind `write`: BEGIN IMMEDIATE; `read`: a snapshot of this moment
 */
export function hold(dataDir, kind) {
  const db = new BetterSqlite3(join(dataDir, 'latchkey.db'), { timeout: 5000 });
  db.exec(kind === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
  if (kind === 'read') db.prepare('SELECT count(*) FROM "User"').get();
  return () => {
    db.exec('ROLLBACK');
    db.close();
  };
}
