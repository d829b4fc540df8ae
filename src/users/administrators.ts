import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../clock.js';
import { Problem } from '../common/errors/problem.js';
import { Database } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';
import { Accounts } from './accounts.js';

/** Name of the built-in role that holds every permission. */
export const ADMIN_ROLE = 'admin';

/** What made somebody an administrator without another one: whoever holds the server may. */
export type MadeBy = 'setup_link' | 'environment' | 'command_line';

/** Where a mail to an administrator goes. */
export interface AdministratorMailbox {
  /** As typed. */
  email: string;
  emailKey: string;
  name: string | null;
  locale: string | null;
}

/** A person who holds the role and can sign in: neither disabled nor unconfirmed. */
const ADMINISTRATOR_EXISTS = Prisma.sql`EXISTS (
  SELECT 1 FROM "UserRole"
  JOIN "Role" ON "Role"."id" = "UserRole"."roleId"
  JOIN "User" ON "User"."id" = "UserRole"."userId"
  WHERE "Role"."name" = ${ADMIN_ROLE}
    AND "User"."status" = 'active' AND "User"."emailVerifiedAt" IS NOT NULL
    AND NOT "User"."serviceAccount")`;

/**
 * Sees to it that a server which has an administrator keeps one. An administrator is an account
 * that holds the role `admin`, is confirmed and not disabled, and has a person behind it.
 */
@Injectable()
export class Administrators {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly accounts: Accounts,
    private readonly audit: Audit,
  ) {}

  /** Whether anyone can administer this server. */
  async exists(): Promise<boolean> {
    const [row] = await this.database.query<{ found: number }>`
      SELECT ${ADMINISTRATOR_EXISTS} AS "found"`;
    return row!.found === 1;
  }

  /** Those who administer this server, the earliest accounts first. @param most how many at most */
  mailboxes(most: number): Promise<AdministratorMailbox[]> {
    return this.database.query<AdministratorMailbox>`
      SELECT "User"."email", "User"."emailKey", "User"."name", "User"."locale" FROM "User"
      JOIN "UserRole" ON "UserRole"."userId" = "User"."id"
      JOIN "Role" ON "Role"."id" = "UserRole"."roleId"
      WHERE "Role"."name" = ${ADMIN_ROLE}
        AND "User"."status" = 'active' AND "User"."emailVerifiedAt" IS NOT NULL
        AND NOT "User"."serviceAccount"
      ORDER BY "User"."id" LIMIT ${most}`;
  }

  /**
   * Runs `change` in a transaction, which is undone when it took away the last administrator: by
   * taking the role, or by disabling or deleting the account. Transactions begin IMMEDIATE, so of
   * two administrators who remove each other at the same moment the second one fails here.
   *
   * @throws Problem last_administrator
   */
  keepingOne<Result>(change: () => Promise<Result>): Promise<Result> {
    return this.database.transaction(async () => {
      const hadOne = await this.exists();
      const result = await change();
      if (hadOne && !(await this.exists())) throw new Problem('last_administrator');
      return result;
    });
  }

  /**
   * Gives the account the role `admin`, provided there is no administrator yet: of any number of
   * first ones one wins.
   *
   * @returns false when there is one already, or no such account
   */
  grantFirst(userId: string, by: MadeBy): Promise<boolean> {
    return this.database.transaction(async () => {
      const now = this.clock.now();
      const granted = await this.database.execute`
        INSERT INTO "UserRole" ("userId", "roleId", "grantedBy", "grantedAt")
        SELECT "User"."id", "Role"."id", NULL, ${now} FROM "User", "Role"
        WHERE "User"."id" = ${userId} AND "Role"."name" = ${ADMIN_ROLE}
          AND NOT ${ADMINISTRATOR_EXISTS}
        ON CONFLICT ("userId", "roleId") DO UPDATE SET "grantedBy" = NULL, "grantedAt" = ${now}`;
      if (granted === 0) return false;
      await this.audit.record({ type: 'administrator.created', subject: userId, after: { by } });
      this.accounts.changedElsewhere(userId);
      return true;
    });
  }

  /** Gives the account the role `admin`, whoever else holds it. False: it held it before. */
  grant(userId: string, by: MadeBy): Promise<boolean> {
    return this.database.transaction(async () => {
      const granted = await this.database.execute`
        INSERT INTO "UserRole" ("userId", "roleId", "grantedBy", "grantedAt")
        SELECT ${userId}, "id", NULL, ${this.clock.now()} FROM "Role" WHERE "name" = ${ADMIN_ROLE}
        ON CONFLICT DO NOTHING`;
      if (granted === 0) return false;
      await this.audit.record({ type: 'administrator.created', subject: userId, after: { by } });
      this.accounts.changedElsewhere(userId);
      return true;
    });
  }
}
