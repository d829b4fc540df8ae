import { later } from '../clock.js';
import { ADMIN_ROLE } from '../users/administrators.js';
import { isSensitive } from '../users/permissions.js';

const DAY = 86_400_000;

/** An administrator who has not signed in for so long is dormant, in milliseconds. */
export const DORMANT_AFTER = 90 * DAY;
/** A role whose sensitive permissions nobody has needed for so long is unused, and so is a key. */
export const UNUSED_AFTER = 90 * DAY;
/** A role that was given, or looked at, longer ago is stale. */
export const STALE_AFTER = 365 * DAY;
/** Everybody is reviewed this often. */
export const REVIEW_EVERY = 90 * DAY;

/** What a reviewer should look at first. */
export const ACCESS_FLAGS = ['dormant', 'unused', 'stale', 'never_reviewed', 'unused_key'] as const;

export type AccessFlag = (typeof ACCESS_FLAGS)[number];

/** What is known about one person's access. */
export interface Access {
  createdAt: Date;
  /** Null: never. */
  lastLoginAt: Date | null;
  roles: readonly { name: string; permissions: readonly string[]; grantedAt: Date }[];
  /** When each permission was last used; those that never were are missing. */
  uses: ReadonlyMap<string, Date>;
  /** When the person, or everybody, was last reviewed; undefined: never. */
  lastReviewAt: Date | undefined;
  /** Those that stand. */
  apiKeys: readonly { createdAt: Date; lastUsedAt: Date | null }[];
}

type Role = Access['roles'][number];

/** The flags of one person, in the order of {@link ACCESS_FLAGS}. */
export function accessFlags(access: Access, now: Date): AccessFlag[] {
  const granting = access.roles.filter(({ permissions }) => permissions.length > 0);
  const raised: Record<AccessFlag, boolean> = {
    dormant: isDormant(access, now),
    unused: granting.some((role) => isUnused(role, access.uses, now)),
    stale: granting.some((role) => isStale(role, access.lastReviewAt, now)),
    never_reviewed: granting.some((role) => !isReviewed(role, access.lastReviewAt)),
    unused_key: access.apiKeys.some(({ createdAt, lastUsedAt }) =>
      isOlder(lastUsedAt ?? createdAt, UNUSED_AFTER, now),
    ),
  };
  return ACCESS_FLAGS.filter((flag) => raised[flag]);
}

/** When everybody is to be reviewed next. Before the first review, people count from `since`. */
export function nextReviewDue(lastReviewAt: Date | undefined, since: Date): Date {
  return later(lastReviewAt ?? since, REVIEW_EVERY);
}

/** Who has never signed in counts from when the account was made. */
function isDormant({ roles, lastLoginAt, createdAt }: Access, now: Date): boolean {
  const isAdministrator = roles.some(({ name }) => name === ADMIN_ROLE);
  return isAdministrator && isOlder(lastLoginAt ?? createdAt, DORMANT_AFTER, now);
}

/** Roles are what is given and taken, so one use of one of its permissions speaks for all of it. */
function isUnused(role: Role, uses: Access['uses'], now: Date): boolean {
  const sensitive = role.permissions.filter(isSensitive);
  if (sensitive.length === 0 || !isOlder(role.grantedAt, UNUSED_AFTER, now)) return false;
  return sensitive.every((permission) => {
    const lastUsedAt = uses.get(permission);
    return lastUsedAt === undefined || isOlder(lastUsedAt, UNUSED_AFTER, now);
  });
}

function isStale(role: Role, lastReviewAt: Date | undefined, now: Date): boolean {
  const seenAt = isReviewed(role, lastReviewAt) ? lastReviewAt! : role.grantedAt;
  return isOlder(seenAt, STALE_AFTER, now);
}

/** A review says nothing about a role that was given after it. */
function isReviewed(role: Role, lastReviewAt: Date | undefined): boolean {
  return lastReviewAt !== undefined && lastReviewAt >= role.grantedAt;
}

/** By the whole of `age` or more. */
function isOlder(at: Date, age: number, now: Date): boolean {
  return now.getTime() - at.getTime() >= age;
}
