import { describe, expect, it } from 'vitest';
import { later } from '../clock.js';
import {
  type Access,
  accessFlags,
  DORMANT_AFTER,
  nextReviewDue,
  REVIEW_EVERY,
  STALE_AFTER,
  UNUSED_AFTER,
} from './access-review.policy.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const SECOND = 1000;

function ago(ms: number): Date {
  return later(NOW, -ms);
}

const ADMIN = { name: 'admin', permissions: ['roles:read', 'users:read', 'users:write'] };
const SUPPORT = { name: 'support', permissions: ['users:read'] };
const USER = { name: 'user', permissions: [] };

/** Somebody about whom there is nothing to say. */
function access(changes: Partial<Access> = {}): Access {
  return {
    createdAt: ago(10 * STALE_AFTER),
    lastLoginAt: ago(SECOND),
    roles: [{ ...ADMIN, grantedAt: ago(10 * STALE_AFTER) }],
    uses: new Map([['users:read', ago(SECOND)]]),
    lastReviewAt: ago(SECOND),
    apiKeys: [],
    ...changes,
  };
}

function flags(changes: Partial<Access>): string[] {
  return accessFlags(access(changes), NOW);
}

describe('an account', () => {
  it('in use and lately reviewed has no flag', () => {
    expect(flags({})).toEqual([]);
  });

  it('whose roles grant nothing has none, however old it is', () => {
    const roles = [{ ...USER, grantedAt: ago(10 * STALE_AFTER) }];
    expect(flags({ roles, uses: new Map(), lastLoginAt: null, lastReviewAt: undefined })).toEqual(
      [],
    );
    expect(flags({ roles: [], lastReviewAt: undefined })).toEqual([]);
  });

  it('can have all of them', () => {
    expect(flags({ lastLoginAt: null, uses: new Map(), lastReviewAt: undefined })).toEqual([
      'dormant',
      'unused',
      'stale',
      'never_reviewed',
    ]);
  });
});

describe('dormant', () => {
  it('is an administrator without sign-in for 90 days, to the millisecond', () => {
    expect(DORMANT_AFTER).toBe(90 * 86_400_000);
    expect(flags({ lastLoginAt: ago(DORMANT_AFTER - 1) })).toEqual([]);
    expect(flags({ lastLoginAt: ago(DORMANT_AFTER) })).toEqual(['dormant']);
  });

  it('is one who never signed in, counted from when the account was made', () => {
    const fresh = { lastLoginAt: null, createdAt: ago(DORMANT_AFTER - 1) };
    expect(flags(fresh)).toEqual([]);
    expect(flags({ ...fresh, createdAt: ago(DORMANT_AFTER) })).toEqual(['dormant']);
  });

  it('is nobody else', () => {
    const roles = [{ ...SUPPORT, grantedAt: ago(SECOND) }];
    expect(flags({ roles, lastLoginAt: ago(10 * DORMANT_AFTER), lastReviewAt: NOW })).toEqual([]);
  });
});

describe('unused', () => {
  it('is a role of which no sensitive permission was used in 90 days', () => {
    const used = (at: Date) => ({ uses: new Map([['users:write', at]]) });
    expect(flags(used(ago(UNUSED_AFTER - 1)))).toEqual([]);
    expect(flags(used(ago(UNUSED_AFTER)))).toEqual(['unused']);
    expect(flags({ uses: new Map() })).toEqual(['unused']);
  });

  it('is not one that was given less than 90 days ago', () => {
    const given = (ms: number) => ({
      uses: new Map(),
      roles: [{ ...SUPPORT, grantedAt: ago(ms) }],
      lastReviewAt: NOW,
    });
    expect(flags(given(UNUSED_AFTER - 1))).toEqual([]);
    expect(flags(given(UNUSED_AFTER))).toEqual(['unused']);
  });

  it('is one role even if another is used', () => {
    const grantedAt = ago(UNUSED_AFTER);
    const auditor = { name: 'auditor', permissions: ['audit:read'], grantedAt };
    expect(flags({ roles: [{ ...SUPPORT, grantedAt }, auditor] })).toEqual(['unused']);
  });

  it('is not one that grants nothing sensitive', () => {
    const roles = [{ name: 'reader', permissions: ['roles:read'], grantedAt: ago(STALE_AFTER) }];
    expect(flags({ roles, uses: new Map() })).toEqual([]);
  });
});

describe('stale', () => {
  it('is a role given, and reviewed, a year ago or earlier', () => {
    expect(flags({ lastReviewAt: ago(STALE_AFTER - 1) })).toEqual([]);
    expect(flags({ lastReviewAt: ago(STALE_AFTER) })).toEqual(['stale']);
  });

  it('is not one that was given since', () => {
    const roles = [{ ...ADMIN, grantedAt: ago(SECOND) }];
    expect(flags({ roles, lastReviewAt: ago(2 * STALE_AFTER) })).toEqual(['never_reviewed']);
  });
});

describe('never reviewed', () => {
  it('is a role that nobody has looked at since it was given', () => {
    const roles = [{ ...ADMIN, grantedAt: ago(SECOND) }];
    expect(flags({ roles, lastReviewAt: undefined })).toEqual(['never_reviewed']);
    expect(flags({ roles, lastReviewAt: ago(SECOND + 1) })).toEqual(['never_reviewed']);
    expect(flags({ roles, lastReviewAt: ago(SECOND) })).toEqual([]);
  });
});

describe('an unused key', () => {
  const key = (createdAt: Date, lastUsedAt: Date | null) => ({
    apiKeys: [{ createdAt, lastUsedAt }],
    roles: [],
  });

  it('is one that nobody has used for 90 days, to the millisecond', () => {
    expect(flags(key(ago(STALE_AFTER), ago(UNUSED_AFTER - 1)))).toEqual([]);
    expect(flags(key(ago(STALE_AFTER), ago(UNUSED_AFTER)))).toEqual(['unused_key']);
  });

  it('is one never used, counted from when it was made', () => {
    expect(flags(key(ago(UNUSED_AFTER - 1), null))).toEqual([]);
    expect(flags(key(ago(UNUSED_AFTER), null))).toEqual(['unused_key']);
  });
});

describe('the next review', () => {
  it('is due 90 days after the last, or after there was anybody to review', () => {
    expect(REVIEW_EVERY).toBe(90 * 86_400_000);
    expect(nextReviewDue(NOW, ago(STALE_AFTER))).toEqual(later(NOW, REVIEW_EVERY));
    expect(nextReviewDue(undefined, NOW)).toEqual(later(NOW, REVIEW_EVERY));
  });
});
