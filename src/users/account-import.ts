import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../clock.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { Problem } from '../common/errors/problem.js';
import { Database } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';

/** An account of another system, checked. */
export interface ImportedAccount {
  /** The UUID it had; undefined: it gets one. */
  id: string | undefined;
  email: string;
  /** Canonical address (`canonicalEmail`). */
  emailKey: string;
  name: string | null;
  locale: string | null;
  emailVerified: boolean;
  status: 'active' | 'disabled';
  /** Names of exactly the roles it shall hold. */
  roles: readonly string[];
  /** As the table User has it; null: none until a mail has led to one. */
  passwordHash: string | null;
}

export type ImportOutcome =
  | { result: 'imported' }
  /** The address has an account, which stays as it is. */
  | { result: 'known' }
  | { result: 'id_taken' }
  | { result: 'unknown_role'; role: string };

/** What earlier rows would have taken, remembered as 48 bits each: files may have millions. */
export class TakenKeys {
  readonly #hashes = new Set<number>();

  has(key: string): boolean {
    return this.#hashes.has(hash48(key));
  }

  add(key: string): void {
    this.#hashes.add(hash48(key));
  }
}

/** Brings accounts of another system in, many at once. Writes the tables User and UserRole. */
@Injectable()
export class AccountImport {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /**
   * Makes the accounts that can be made, in one transaction: all of them are there afterwards, or
   * none. What is there already is left alone, so the same rows can come again.
   */
  write(accounts: readonly ImportedAccount[]): Promise<ImportOutcome[]> {
    return this.database.transaction(async () => {
      const outcomes = await this.foresee(accounts);
      const fitting = accounts.filter((_, i) => outcomes[i]!.result === 'imported');
      if (fitting.length > 0) await this.#insert(fitting);
      return outcomes;
    });
  }

  /**
   * What {@link write} would do, without writing.
   *
   * @param taken ids and addresses of earlier rows; those of these rows are added
   */
  async foresee(
    accounts: readonly ImportedAccount[],
    taken = new TakenKeys(),
  ): Promise<ImportOutcome[]> {
    const [roles, keys, ids] = await Promise.all([
      this.#roleNames(),
      this.#existing(
        'emailKey',
        accounts.map(({ emailKey }) => emailKey),
      ),
      this.#existing(
        'id',
        accounts.flatMap(({ id }) => id ?? []),
      ),
    ]);
    return accounts.map(({ id, emailKey, roles: wanted }): ImportOutcome => {
      const role = wanted.find((name) => !roles.has(name));
      if (role !== undefined) return { result: 'unknown_role', role };
      if (keys.has(emailKey) || taken.has(emailKey)) return { result: 'known' };
      if (id !== undefined && (ids.has(id) || taken.has(id))) return { result: 'id_taken' };
      taken.add(emailKey);
      if (id !== undefined) taken.add(id);
      return { result: 'imported' };
    });
  }

  async #roleNames(): Promise<Set<string>> {
    const roles = await this.database.query<{ name: string }>`SELECT "name" FROM "Role"`;
    return new Set(roles.map(({ name }) => name));
  }

  async #existing(column: 'id' | 'emailKey', values: string[]): Promise<Set<string>> {
    const name = Prisma.raw(`"${column}"`);
    const found = await this.database.query<{ found: string }>`
      SELECT ${name} AS "found" FROM "User"
      WHERE ${name} IN (SELECT "value" FROM json_each(${JSON.stringify(values)}))`;
    return new Set(found.map((row) => row.found));
  }

  /** By one statement for each table: Prisma's own way costs three times as much. */
  async #insert(accounts: readonly ImportedAccount[]): Promise<void> {
    const now = this.clock.now();
    const withIds = accounts.map((account) => ({ ...account, id: account.id ?? uuidv7(now) }));
    const made = await this.database.execute`
      INSERT INTO "User" ("id", "email", "emailKey", "name", "locale", "passwordHash",
                          "emailVerifiedAt", "status", "createdAt", "updatedAt")
      SELECT "value" ->> 'id', "value" ->> 'email', "value" ->> 'emailKey', "value" ->> 'name',
             "value" ->> 'locale', "value" ->> 'passwordHash',
             CASE WHEN "value" ->> 'emailVerified' THEN ${now} END, "value" ->> 'status', ${now}, ${now}
      FROM json_each(${JSON.stringify(withIds)}) WHERE TRUE
      ON CONFLICT DO NOTHING`;
    // Not on SQLite, where nobody else writes meanwhile. Then nothing of this batch is there.
    if (made !== withIds.length) throw new Problem('conflict');
    const grants = withIds.flatMap(({ id, roles }) => roles.map((role) => ({ id, role })));
    await this.database.execute`
      INSERT INTO "UserRole" ("userId", "roleId", "grantedAt")
      SELECT "granted"."value" ->> 'id', "Role"."id", ${now}
      FROM json_each(${JSON.stringify(grants)}) AS "granted"
      JOIN "Role" ON "Role"."name" = "granted"."value" ->> 'role'`;
    await this.audit.recordAll(
      withIds.map(({ id, roles }) => ({
        type: 'user.imported',
        subject: id,
        after: { roles: [...roles] },
      })),
    );
  }
}

function hash48(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
