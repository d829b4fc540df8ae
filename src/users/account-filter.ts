import { Prisma, type User } from '../generated/prisma/client.js';

export const ACCOUNT_STATUSES = ['active', 'unverified', 'disabled'] as const;

/** What an account is to whoever looks at it. Disabled outweighs unconfirmed. */
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

export function accountStatus(user: Pick<User, 'status' | 'emailVerifiedAt'>): AccountStatus {
  if (user.status === 'disabled') return 'disabled';
  return user.emailVerifiedAt === null ? 'unverified' : 'active';
}

export interface AccountFilter {
  /** Stands somewhere in the address or the name; case does not matter, `%` and `_` are themselves. */
  readonly q?: string;
  /** Name of a role the account holds. */
  readonly role?: string;
  readonly status?: AccountStatus;
}

/** The filter as a condition on the table "User". */
export function matching(filter: AccountFilter): Prisma.Sql {
  return Prisma.join(
    [
      Prisma.sql`TRUE`,
      ...(filter.q === undefined ? [] : [holdsText(filter.q)]),
      ...(filter.role === undefined ? [] : [holdsRole(filter.role)]),
      ...(filter.status === undefined ? [] : [STATUS_CONDITIONS[filter.status]]),
    ],
    ' AND ',
  );
}

/** {@link accountStatus} in SQL. */
const STATUS_CONDITIONS: Record<AccountStatus, Prisma.Sql> = {
  active: Prisma.sql`("status" = 'active' AND "emailVerifiedAt" IS NOT NULL)`,
  unverified: Prisma.sql`("status" = 'active' AND "emailVerifiedAt" IS NULL)`,
  disabled: Prisma.sql`"status" = 'disabled'`,
};

function holdsRole(role: string): Prisma.Sql {
  return Prisma.sql`"id" IN (
    SELECT "UserRole"."userId" FROM "UserRole" JOIN "Role" ON "Role"."id" = "UserRole"."roleId"
    WHERE "Role"."name" = ${role})`;
}

function holdsText(text: string): Prisma.Sql {
  const patterns = spellings(text).map((spelling) => `%${spelling.replaceAll(/[\\%_]/g, '\\$&')}%`);
  const conditions = patterns.map(
    (pattern) =>
      Prisma.sql`"email" LIKE ${pattern} ESCAPE '\\' OR "name" LIKE ${pattern} ESCAPE '\\'`,
  );
  return Prisma.sql`(${Prisma.join(conditions, ' OR ')})`;
}

/**
 * SQLite's LIKE folds the case of ASCII letters alone. Other letters are looked for as typed and
 * in the three ways names are written: ÖZIL, özil, Özil.
 */
function spellings(text: string): string[] {
  if (/^[\x00-\x7f]*$/.test(text)) return [text];
  const lower = text.toLowerCase();
  const title = lower.replaceAll(/(?<!\p{L}\p{M}*)\p{L}/gu, (letter) => letter.toUpperCase());
  return [...new Set([text, lower, text.toUpperCase(), title])];
}
