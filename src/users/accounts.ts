import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { EvictingCache } from '../common/evicting-cache.js';
import { Database } from '../database/database.js';
import { stretches } from '../database/stretches.js';
import { Prisma, type User } from '../generated/prisma/client.js';
import { type AccountFilter, matching } from './account-filter.js';
import { expand } from './permissions.js';

/** A user with what the roles grant, as it stands at this moment. */
export interface Account extends User {
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
}

const KEPT_ACCOUNTS = 10_000;

/**
 * Registered by somebody who has neither confirmed the address nor holds a role that not everybody
 * has: an import may have given one.
 */
export const UNPROVED = Prisma.sql`"emailVerifiedAt" IS NULL AND "passwordHash" IS NOT NULL
  AND "status" = 'active' AND NOT EXISTS (
    SELECT 1 FROM "UserRole" JOIN "Role" ON "Role"."id" = "UserRole"."roleId"
    WHERE "UserRole"."userId" = "User"."id" AND "Role"."name" <> 'user')`;

/** Each gets a line in the audit trail, in the transaction that deletes it. */
const DELETED_AT_ONCE = 50;

/**
 * Registered or invited by then, and never confirmed since. A link that still works keeps the
 * account. So does an operator's decision: to disable it, or to import it.
 */
function neverConfirmed(before: Date, now: Date): Prisma.Sql {
  return Prisma.sql`"emailVerifiedAt" IS NULL AND "lastLoginAt" IS NULL AND "status" = 'active'
    AND "updatedAt" < ${before}
    AND ("passwordHash" IS NULL OR "passwordHash" NOT LIKE 'imported:%')
    AND NOT EXISTS (
      SELECT 1 FROM "OneTimeToken" WHERE "OneTimeToken"."userId" = "User"."id"
        AND "OneTimeToken"."usedAt" IS NULL AND "OneTimeToken"."expiresAt" > ${now})`;
}

/** A role as somebody holds it. */
export interface Grant {
  name: string;
  /** What the role grants now. */
  permissions: readonly string[];
  /** Id of the administrator who gave it; null: the server did. */
  grantedBy: string | null;
  grantedAt: Date;
}

/** One role beside the account that holds it; both null for an account without roles. */
interface GrantedRole {
  roleName: string | null;
  rolePermissions: string[] | null;
}

/**
 * Owner of the table User, whose rows new-accounts.ts and account-import.ts make. Look-ups by id are
 * kept in memory; every change goes through here and evicts, so that a disabled account or a changed
 * role counts at the next request.
 */
@Injectable()
export class Accounts {
  readonly #byId = new EvictingCache<Account>(KEPT_ACCOUNTS);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    database.onForeignChange(() => this.#byId.clear());
  }

  /** The account with this id, also a disabled or unconfirmed one. */
  find(id: string): Promise<Account | undefined> {
    if (this.database.inTransaction) return this.fresh(id);
    return this.#byId.get(id, () => this.fresh(id));
  }

  /** {@link find}, only from memory. */
  peek(id: string): Account | undefined {
    return this.#byId.peek(id);
  }

  /** @param emailKey canonical address (`canonicalEmail`) */
  findByEmail(emailKey: string): Promise<Account | undefined> {
    return this.#load(Prisma.sql`"emailKey" = ${emailKey}`);
  }

  /**
   * What a password check needs, by one query whether the address is known or not.
   *
   * @param emailKey canonical address
   */
  async passwordOf(
    emailKey: string,
  ): Promise<{ id: string; passwordHash: string | null } | undefined> {
    const [found] = await this.database.query<{ id: string; passwordHash: string | null }>`
      SELECT "id", "passwordHash" FROM "User" WHERE "emailKey" = ${emailKey}`;
    return found;
  }

  /** Always from the database: for decisions inside a transaction. */
  fresh(id: string): Promise<Account | undefined> {
    return this.#load(Prisma.sql`"User"."id" = ${id}`);
  }

  /** Page of accounts in the order they were made, by one query. */
  async list(filter: AccountFilter, after: string | undefined, take: number): Promise<Account[]> {
    const rows = await this.database.query<User & GrantedRole>`
      SELECT "page".*, "Role"."name" AS "roleName", "Role"."permissions" AS "rolePermissions"
      FROM (
        SELECT * FROM "User" WHERE "id" > ${after ?? ''} AND ${matching(filter)}
        ORDER BY "id" LIMIT ${take}
      ) AS "page"
      LEFT JOIN "UserRole" ON "UserRole"."userId" = "page"."id"
      LEFT JOIN "Role" ON "Role"."id" = "UserRole"."roleId"
      ORDER BY "page"."id"`;
    return grouped(rows);
  }

  async count(filter: AccountFilter): Promise<number> {
    const rows = await this.database.query<{ total: number | bigint }>`
      SELECT COUNT(*) AS "total" FROM "User" WHERE ${matching(filter)}`;
    return Number(rows[0]!.total);
  }

  /** Confirms the address, provided the account still holds it. False: it does not. */
  async confirmEmail(id: string, emailKey: string): Promise<boolean> {
    const now = this.clock.now();
    const confirmed = await this.database.execute`
      UPDATE "User" SET "emailVerifiedAt" = ${now}, "updatedAt" = ${now}
      WHERE "id" = ${id} AND "emailKey" = ${emailKey}`;
    this.#changed(id);
    return confirmed === 1;
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    const now = this.clock.now();
    await this.update(id, { passwordHash, passwordChangedAt: now });
  }

  /**
   * {@link setPassword}, provided the account is active and its password is still the one with the
   * hash `from`. False: it is not.
   */
  async replacePassword(id: string, from: string, to: string): Promise<boolean> {
    const now = this.clock.now();
    const { count } = await this.database.client.user.updateMany({
      where: { id, passwordHash: from, status: 'active' },
      data: { passwordHash: to, passwordChangedAt: now, updatedAt: now },
    });
    this.#changed(id);
    return count === 1;
  }

  /**
   * Gives an active account another address, confirmed. Whoever merely registered the new one, and
   * never confirmed it, loses it: nobody reserves an address without having proved it. An invited
   * account keeps its address, and so does one with a role that somebody gave it.
   *
   * @param fromKey canonical address the account is expected to hold
   * @returns ids of the registrations that lost it; undefined, to be rolled back, when the account
   *   does not hold `fromKey`, or another one holds the new address
   */
  async changeEmail(
    id: string,
    fromKey: string,
    to: { email: string; emailKey: string },
  ): Promise<string[] | undefined> {
    const now = this.clock.now();
    const dropped = await this.database.query<{ id: string }>`
      DELETE FROM "User"
      WHERE "emailKey" = ${to.emailKey} AND "id" <> ${id} AND ${UNPROVED} RETURNING "id"`;
    const changed = await this.database.execute`
      UPDATE "User"
      SET "email" = ${to.email}, "emailKey" = ${to.emailKey}, "emailVerifiedAt" = ${now},
          "updatedAt" = ${now}
      WHERE "id" = ${id} AND "emailKey" = ${fromKey} AND "status" = 'active'
        AND NOT EXISTS (SELECT 1 FROM "User" WHERE "emailKey" = ${to.emailKey})`;
    for (const row of [...dropped, { id }]) this.#changed(row.id);
    return changed === 1 ? dropped.map((row) => row.id) : undefined;
  }

  /** Whether an account holds the address for good: see {@link changeEmail}. */
  async isTaken(emailKey: string): Promise<boolean> {
    const rows = await this.database.query<unknown>`
      SELECT 1 FROM "User" WHERE "emailKey" = ${emailKey} AND NOT (${UNPROVED})`;
    return rows.length > 0;
  }

  /** The roles an account holds, with who gave them and when. */
  async grantsOf(
    id: string,
  ): Promise<{ name: string; grantedBy: string | null; grantedAt: Date }[]> {
    const grants = await this.database.client.userRole.findMany({
      where: { userId: id },
      include: { role: { select: { name: true } } },
      orderBy: { role: { name: 'asc' } },
    });
    return grants.map(({ role, grantedBy, grantedAt }) => ({
      name: role.name,
      grantedBy,
      grantedAt,
    }));
  }

  /** The roles each of these accounts holds, by name; an account without roles is left out. */
  async grantsOfAll(ids: readonly string[]): Promise<Map<string, Grant[]>> {
    const grants = await this.database.client.userRole.findMany({
      where: { userId: { in: [...ids] } },
      include: { role: { select: { name: true, permissions: true } } },
      orderBy: { role: { name: 'asc' } },
    });
    const byUser = new Map<string, Grant[]>();
    for (const { userId, role, grantedBy, grantedAt } of grants) {
      const permissions = expand(role.permissions as string[]);
      const grant = { name: role.name, permissions, grantedBy, grantedAt };
      byUser.set(userId, [...(byUser.get(userId) ?? []), grant]);
    }
    return byUser;
  }

  /** When the account with the first id was made: about when people came; undefined: none has. */
  async firstMadeAt(): Promise<Date | undefined> {
    const first = await this.database.client.user.findFirst({
      select: { createdAt: true },
      orderBy: { id: 'asc' },
    });
    return first?.createdAt;
  }

  /**
   * Replaces the hash of an unchanged password (a raised work factor). False: the password was
   * changed meanwhile.
   */
  async rehash(id: string, from: string, to: string): Promise<boolean> {
    const rehashed = await this.database.execute`
      UPDATE "User" SET "passwordHash" = ${to} WHERE "id" = ${id} AND "passwordHash" = ${from}`;
    this.#changed(id);
    return rehashed === 1;
  }

  /**
   * Notes a sign-in, provided the account may still sign in with what it was read with. False: it
   * was disabled, deleted, given a new password, or a first or last second factor since.
   */
  async recordLogin(account: Account): Promise<boolean> {
    const noted = await this.database.execute`
      UPDATE "User" SET "lastLoginAt" = ${this.clock.now()}
      WHERE "id" = ${account.id} AND "status" = 'active' AND "emailVerifiedAt" IS NOT NULL
        AND "passwordChangedAt" IS ${account.passwordChangedAt}
        AND "secondFactorSince" IS ${account.secondFactorSince}`;
    this.#changed(account.id);
    return noted === 1;
  }

  /**
   * Notes that the account has a second factor, since now unless it had one before, or that it has
   * none any more. Call it in the transaction that adds or removes a factor, whatever it comes to:
   * it evicts.
   */
  async setSecondFactor(id: string, has: boolean): Promise<void> {
    const now = this.clock.now();
    await this.database.execute`
      UPDATE "User"
      SET "secondFactorSince" = CASE WHEN ${has} THEN coalesce("secondFactorSince", ${now}) END
      WHERE "id" = ${id}`;
    this.#changed(id);
  }

  /** False when there is no such account. */
  async update(
    id: string,
    data: Pick<
      Prisma.UserUpdateManyMutationInput,
      'name' | 'locale' | 'status' | 'passwordHash' | 'passwordChangedAt'
    >,
  ): Promise<boolean> {
    const { count } = await this.database.client.user.updateMany({
      where: { id },
      data: { ...data, updatedAt: this.clock.now() },
    });
    this.#changed(id);
    return count === 1;
  }

  /** Deletes the account with its sessions, tokens and roles. False when there is none. */
  async delete(id: string): Promise<boolean> {
    const { count } = await this.database.client.user.deleteMany({ where: { id } });
    this.#changed(id);
    return count === 1;
  }

  /**
   * {@link delete}, provided the password is still the one with this hash. False: it is not.
   */
  async deleteOwn(id: string, passwordHash: string): Promise<boolean> {
    const { count } = await this.database.client.user.deleteMany({ where: { id, passwordHash } });
    this.#changed(id);
    return count === 1;
  }

  /** Ids of accounts that were registered or invited before then and never confirmed, in portions. */
  async *neverConfirmed(before: Date): AsyncGenerator<string[]> {
    for await (const { gt, lte } of stretches(this.database, 'User')) {
      const rows = await this.database.query<{ id: string }>`
        SELECT "id" FROM "User"
        WHERE "id" > ${gt} AND "id" <= ${lte} AND ${neverConfirmed(before, this.clock.now())}`;
      const ids = rows.map(({ id }) => id);
      while (ids.length > 0) yield ids.splice(0, DELETED_AT_ONCE);
    }
  }

  /** Deletes those of the accounts that are still {@link neverConfirmed}; gives their ids. */
  async deleteNeverConfirmed(ids: string[], before: Date): Promise<string[]> {
    const deleted = await this.database.query<{ id: string }>`
      DELETE FROM "User"
      WHERE "id" IN (${Prisma.join(ids)}) AND ${neverConfirmed(before, this.clock.now())}
      RETURNING "id"`;
    for (const { id } of deleted) this.#changed(id);
    return deleted.map(({ id }) => id);
  }

  /** Call when something the account is made of has changed elsewhere: its roles, or all of it. */
  changedElsewhere(id: string): void {
    this.#changed(id);
  }

  /** Call when a role itself has changed: any account may hold it. */
  anyRoleChanged(): void {
    this.database.afterCommit(() => this.#byId.clear());
  }

  #changed(id: string): void {
    this.database.afterCommit(() => this.#byId.evict(id));
  }

  async #load(isTheOne: Prisma.Sql): Promise<Account | undefined> {
    const rows = await this.database.query<User & GrantedRole>`
      SELECT "User".*, "Role"."name" AS "roleName", "Role"."permissions" AS "rolePermissions"
      FROM "User"
      LEFT JOIN "UserRole" ON "UserRole"."userId" = "User"."id"
      LEFT JOIN "Role" ON "Role"."id" = "UserRole"."roleId"
      WHERE ${isTheOne}`;
    return grouped(rows)[0];
  }
}

/**
 * Accounts of rows that repeat an account for each of its roles; its rows stand together. Accounts
 * with the same roles share one set of permissions.
 */
function grouped(rows: readonly (User & GrantedRole)[]): Account[] {
  const sets = new Map<string, ReadonlySet<string>>();
  const accounts: Account[] = [];
  for (let first = 0, next = 0; first < rows.length; first = next) {
    const { id } = rows[first]!;
    while (rows[next]?.id === id) next++;
    accounts.push(accountOf(rows.slice(first, next), sets));
  }
  return accounts;
}

function accountOf(
  rows: readonly (User & GrantedRole)[],
  sets: Map<string, ReadonlySet<string>>,
): Account {
  const [user] = rows as [User & GrantedRole];
  const roles = rows.flatMap(({ roleName }) => roleName ?? []).sort();
  const names = roles.join();
  let permissions = sets.get(names);
  if (!permissions) {
    permissions = new Set(rows.flatMap(({ rolePermissions }) => expand(rolePermissions ?? [])));
    sets.set(names, permissions);
  }
  return {
    id: user.id,
    email: user.email,
    emailKey: user.emailKey,
    name: user.name,
    locale: user.locale,
    passwordHash: user.passwordHash,
    passwordChangedAt: user.passwordChangedAt,
    emailVerifiedAt: user.emailVerifiedAt,
    serviceAccount: user.serviceAccount,
    status: user.status,
    lastLoginAt: user.lastLoginAt,
    secondFactorSince: user.secondFactorSince,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    roles,
    permissions,
  };
}
