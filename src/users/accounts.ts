import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { EvictingCache } from '../common/evicting-cache.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { Database } from '../database/database.js';
import type { Prisma, User } from '../generated/prisma/client.js';
import { type AccountFilter, matching } from './account-filter.js';
import { expand } from './permissions.js';

/** A user with what the roles grant, as it stands at this moment. */
export interface Account extends User {
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
}

const KEPT_ACCOUNTS = 10_000;
const WITH_ROLES = { roles: { include: { role: true } } } satisfies Prisma.UserInclude;

/** One role beside the account that holds it; both null for an account without roles. */
interface GrantedRole {
  roleName: string | null;
  rolePermissions: string[] | null;
}

/**
 * Owner of the table User. Look-ups by id are kept in memory; every change goes through here and
 * evicts, so that a disabled account or a changed role counts at the next request.
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
    if (this.database.inTransaction) return this.#load({ id });
    return this.#byId.get(id, () => this.#load({ id }));
  }

  /** {@link find}, only from memory. */
  peek(id: string): Account | undefined {
    return this.#byId.peek(id);
  }

  /** @param emailKey canonical address (`canonicalEmail`) */
  findByEmail(emailKey: string): Promise<Account | undefined> {
    return this.#load({ emailKey });
  }

  /**
   * What a password check needs, by one query whether the address is known or not.
   *
   * @param emailKey canonical address
   */
  async passwordOf(
    emailKey: string,
  ): Promise<{ id: string; passwordHash: string | null } | undefined> {
    const found = await this.database.client.user.findUnique({
      where: { emailKey },
      select: { id: true, passwordHash: true },
    });
    return found ?? undefined;
  }

  /** Always from the database: for decisions inside a transaction. */
  fresh(id: string): Promise<Account | undefined> {
    return this.#load({ id });
  }

  /** Page of accounts in the order they were made, by one query. */
  async list(filter: AccountFilter, after: string | undefined, take: number): Promise<Account[]> {
    const rows = await this.database.client.$queryRaw<(User & GrantedRole)[]>`
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
    const rows = await this.database.client.$queryRaw<{ total: number | bigint }[]>`
      SELECT COUNT(*) AS "total" FROM "User" WHERE ${matching(filter)}`;
    return Number(rows[0]!.total);
  }

  /**
   * Notes a registration. An earlier registration of the address that nobody confirmed is taken
   * over: its password and name are gone. A confirmed account stays as it is, and so does an
   * invited one, whose roles must not fall to whoever registers its address. One statement
   * either way, so that a stranger cannot tell by time.
   *
   * @returns id of the account that holds the address; pending: it waits with this password
   */
  async registerPending(person: {
    email: string;
    emailKey: string;
    name: string | undefined;
    passwordHash: string;
  }): Promise<{ id: string; pending: boolean }> {
    const now = this.clock.now();
    const name = person.name ?? null;
    // The same condition in each line, rather than a WHERE: RETURNING must give the id of an
    // account that stays as it is, too. (SQLite: a SET reads the row as it was before.)
    const rows = await this.database.client.$queryRaw<{ id: string; pending: number }[]>`
      INSERT INTO "User" ("id", "email", "emailKey", "name", "passwordHash", "passwordChangedAt",
                          "status", "createdAt", "updatedAt")
      VALUES (${uuidv7(now)}, ${person.email}, ${person.emailKey}, ${name}, ${person.passwordHash},
              ${now}, 'active', ${now}, ${now})
      ON CONFLICT ("emailKey") DO UPDATE SET
        "email"             = CASE WHEN "emailVerifiedAt" IS NULL AND "passwordHash" IS NOT NULL THEN excluded."email" ELSE "email" END,
        "name"              = CASE WHEN "emailVerifiedAt" IS NULL AND "passwordHash" IS NOT NULL THEN excluded."name" ELSE "name" END,
        "passwordHash"      = CASE WHEN "emailVerifiedAt" IS NULL AND "passwordHash" IS NOT NULL THEN excluded."passwordHash" ELSE "passwordHash" END,
        "passwordChangedAt" = CASE WHEN "emailVerifiedAt" IS NULL AND "passwordHash" IS NOT NULL THEN excluded."passwordChangedAt" ELSE "passwordChangedAt" END,
        "updatedAt"         = CASE WHEN "emailVerifiedAt" IS NULL AND "passwordHash" IS NOT NULL THEN excluded."updatedAt" ELSE "updatedAt" END
      RETURNING "id", ("passwordHash" = ${person.passwordHash}) AS "pending"`;
    const { id, pending } = rows[0]!;
    await this.#grantUserRole(id, now);
    this.#changed(id);
    return { id, pending: Number(pending) === 1 };
  }

  /** Makes an account without a password; undefined when the address is taken. */
  async createInvited(person: {
    email: string;
    emailKey: string;
    name: string | undefined;
  }): Promise<string | undefined> {
    const now = this.clock.now();
    const id = uuidv7(now);
    const made = await this.database.client.$executeRaw`
      INSERT INTO "User" ("id", "email", "emailKey", "name", "status", "createdAt", "updatedAt")
      VALUES (${id}, ${person.email}, ${person.emailKey}, ${person.name ?? null}, 'active', ${now}, ${now})
      ON CONFLICT ("emailKey") DO NOTHING`;
    if (made === 0) return undefined;
    await this.#grantUserRole(id, now);
    return id;
  }

  /**
   * An account with this address, confirmed and with this password, whether there was one before
   * or not; for administrators made by whoever holds the server.
   */
  async createConfirmed(email: string, emailKey: string, passwordHash: string): Promise<string> {
    const now = this.clock.now();
    const rows = await this.database.client.$queryRaw<{ id: string }[]>`
      INSERT INTO "User" ("id", "email", "emailKey", "passwordHash", "passwordChangedAt",
                          "emailVerifiedAt", "status", "createdAt", "updatedAt")
      VALUES (${uuidv7(now)}, ${email}, ${emailKey}, ${passwordHash}, ${now}, ${now}, 'active', ${now}, ${now})
      ON CONFLICT ("emailKey") DO UPDATE SET
        "passwordHash" = excluded."passwordHash", "passwordChangedAt" = excluded."passwordChangedAt",
        "emailVerifiedAt" = coalesce("emailVerifiedAt", excluded."emailVerifiedAt"),
        "status" = 'active', "updatedAt" = excluded."updatedAt"
      RETURNING "id"`;
    const { id } = rows[0]!;
    await this.#grantUserRole(id, now);
    this.#changed(id);
    return id;
  }

  /** Confirms the address, provided the account still holds it. False: it does not. */
  async confirmEmail(id: string, emailKey: string): Promise<boolean> {
    const now = this.clock.now();
    const { count } = await this.database.client.user.updateMany({
      where: { id, emailKey },
      data: { emailVerifiedAt: now, updatedAt: now },
    });
    this.#changed(id);
    return count === 1;
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    const now = this.clock.now();
    await this.update(id, { passwordHash, passwordChangedAt: now });
  }

  /**
   * Replaces the hash of an unchanged password (a raised work factor). False: the password was
   * changed meanwhile.
   */
  async rehash(id: string, from: string, to: string): Promise<boolean> {
    const { count } = await this.database.client.user.updateMany({
      where: { id, passwordHash: from },
      data: { passwordHash: to },
    });
    this.#changed(id);
    return count === 1;
  }

  /**
   * Notes a sign-in, provided the account may still sign in with what it was read with. False: it
   * was disabled, deleted or given a new password since.
   */
  async recordLogin(account: Account): Promise<boolean> {
    const { count } = await this.database.client.user.updateMany({
      where: {
        id: account.id,
        status: 'active',
        emailVerifiedAt: { not: null },
        passwordChangedAt: account.passwordChangedAt,
      },
      data: { lastLoginAt: this.clock.now() },
    });
    this.#changed(account.id);
    return count === 1;
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

  /** Call when something the account is made of has changed elsewhere: its roles. */
  rolesChanged(id: string): void {
    this.#changed(id);
  }

  /** Call when a role itself has changed: any account may hold it. */
  anyRoleChanged(): void {
    this.database.afterCommit(() => this.#byId.clear());
  }

  #changed(id: string): void {
    this.database.afterCommit(() => this.#byId.evict(id));
  }

  async #grantUserRole(userId: string, now: Date): Promise<void> {
    await this.database.client.$executeRaw`
      INSERT INTO "UserRole" ("userId", "roleId", "grantedAt")
      SELECT ${userId}, "id", ${now} FROM "Role" WHERE "name" = 'user'
      ON CONFLICT DO NOTHING`;
  }

  async #load(where: { id: string } | { emailKey: string }): Promise<Account | undefined> {
    const user = await this.database.client.user.findUnique({ where, include: WITH_ROLES });
    return user === null ? undefined : toAccount(user);
  }
}

function toAccount(user: Prisma.UserGetPayload<{ include: typeof WITH_ROLES }>): Account {
  const { roles, ...own } = user;
  return {
    ...own,
    roles: roles.map(({ role }) => role.name).sort(),
    permissions: new Set(roles.flatMap(({ role }) => expand(role.permissions as string[]))),
  };
}

/** Accounts of rows that repeat an account for each of its roles; its rows stand together. */
function grouped(rows: (User & GrantedRole)[]): Account[] {
  const accounts: (Account & { roles: string[]; permissions: Set<string> })[] = [];
  for (const { roleName, rolePermissions, ...user } of rows) {
    let account = accounts.at(-1);
    if (account?.id !== user.id) {
      account = { ...user, roles: [], permissions: new Set() };
      accounts.push(account);
    }
    if (roleName !== null) account.roles.push(roleName);
    for (const permission of expand(rolePermissions ?? [])) account.permissions.add(permission);
  }
  for (const account of accounts) account.roles.sort();
  return accounts;
}
