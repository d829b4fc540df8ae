import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../clock.js';
import type { Principal } from '../common/access/principal.js';
import { isUuid, uuidv7 } from '../common/crypto/uuid.js';
import { type ListQuery, Pagination } from '../common/http/pagination.js';
import { invalid } from '../common/http/validation.js';
import { Database } from '../database/database.js';
import { type Account, Accounts } from '../users/accounts.js';
import { PermissionUses } from '../users/permission-uses.js';
import { isSensitive } from '../users/permissions.js';
import { toUserResponse } from '../users/user.dto.js';
import { CSV_HEAD, csvLine } from './access-review.csv.js';
import type {
  AccessReviewItem,
  AccessReviewPage,
  AccessReviewResponse,
  RecordAccessReview,
} from './access-review.dto.js';
import { accessFlags, nextReviewDue } from './access-review.policy.js';
import { type ApiKeyOverview, ReviewedApiKeys } from './reviewed-api-keys.js';
import { Reviews } from './reviews.js';

const NO_USES: ReadonlyMap<string, Date> = new Map();
/** How many people one piece of the file holds. */
const PIECE = 200;

/** Shows who may do what and whether they do it, and records that somebody has looked. */
@Injectable()
export class AccessReviewService {
  constructor(
    private readonly accounts: Accounts,
    private readonly permissionUses: PermissionUses,
    private readonly reviews: Reviews,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly pagination: Pagination,
    private readonly clock: Clock,
    private readonly apiKeys: ReviewedApiKeys,
  ) {}

  async page(query: ListQuery): Promise<AccessReviewPage> {
    const page = await this.pagination.page(query, {
      list: 'access-review',
      rows: (after, take) => this.accounts.list({}, after, take),
      keyOf: (account) => account.id,
      total: () => this.accounts.count({}),
    });
    return { ...page, items: await this.#items(page.items), ...(await this.due()) };
  }

  /**
   * Everybody as a CSV file, read piece by piece as it is sent.
   *
   * @throws what the database throws for the first piece; later the file breaks off
   */
  async csv(): Promise<Readable> {
    const first = await this.#lines('');
    return Readable.from(this.#file(first));
  }

  /** When everybody was last reviewed and when they are next; both null while there is nobody. */
  async due(): Promise<Pick<AccessReviewPage, 'lastReviewAt' | 'nextReviewDue'>> {
    const lastReviewAt = await this.reviews.lastOfEverybody();
    const since = await this.accounts.firstMadeAt();
    return {
      lastReviewAt: lastReviewAt ?? null,
      nextReviewDue: since === undefined ? null : nextReviewDue(lastReviewAt, since),
    };
  }

  /** @throws Problem validation_failed when there is no such account */
  async record(
    caller: Principal,
    { decision, note, userId }: RecordAccessReview,
  ): Promise<AccessReviewResponse> {
    return this.database.transaction(async () => {
      if (userId !== undefined && !(isUuid(userId) && (await this.accounts.fresh(userId)))) {
        throw invalid([
          { pointer: '/userId', code: 'unknown_user', detail: 'There is no account with this id.' },
        ]);
      }
      const at = this.clock.now();
      const review = {
        id: uuidv7(at),
        at,
        reviewerId: caller.userId,
        subjectId: userId ?? null,
        decision,
        note: note || null,
      };
      await this.reviews.record(review);
      await this.audit.record({
        type: 'access.reviewed',
        actor: caller.userId,
        subject: userId ?? review.id,
        after: { review: review.id, decision }, // not the note: it may name people
      });
      const { reviewerId, subjectId, ...said } = review;
      return { ...said, reviewer: reviewerId, userId: subjectId };
    });
  }

  async *#file(first: Lines): AsyncGenerator<string> {
    yield CSV_HEAD + first.text;
    let { last } = first;
    while (last !== undefined) {
      const piece: Lines = await this.#lines(last);
      yield piece.text;
      ({ last } = piece);
      await nextTurn(); // SQLite is done at once: without a pause no request would be read
    }
  }

  async #lines(after: string): Promise<Lines> {
    const accounts = await this.accounts.list({}, after, PIECE);
    const items = await this.#items(accounts);
    return {
      text: items.map(csvLine).join(''),
      last: accounts.length < PIECE ? undefined : accounts.at(-1)!.id,
    };
  }

  /** By one query of each kind, however many people there are. */
  async #items(accounts: readonly Account[]): Promise<AccessReviewItem[]> {
    const ids = accounts.map(({ id }) => id);
    const now = this.clock.now();
    const grants = await this.accounts.grantsOfAll(ids);
    const uses = await this.permissionUses.of(ids);
    const reviews = await this.reviews.lastOf(ids);
    const keys = await this.apiKeys.of(ids);
    const everybody = await this.reviews.lastOfEverybody();

    return accounts.map((account) => {
      const roles = grants.get(account.id) ?? [];
      const apiKeys = keys.get(account.id) ?? [];
      const permissions = [...account.permissions].sort();
      const lastUse = uses.get(account.id) ?? NO_USES;
      const lastReviewAt = later(reviews.get(account.id), everybody);
      return {
        user: toUserResponse(account),
        roles: roles.map(({ name, grantedBy, grantedAt }) => ({ name, grantedBy, grantedAt })),
        permissions,
        sensitivePermissions: permissions
          .filter(isSensitive)
          .map((name) => ({ name, lastUsedAt: lastUse.get(name) ?? null })),
        lastLoginAt: account.lastLoginAt,
        secondFactor: account.secondFactorSince !== null,
        apiKeys,
        lastReviewAt: lastReviewAt ?? null,
        flags: accessFlags(
          {
            createdAt: account.createdAt,
            lastLoginAt: lastComing(account, apiKeys),
            roles,
            uses: lastUse,
            lastReviewAt,
            apiKeys,
          },
          now,
        ),
      };
    });
  }
}

interface Lines {
  text: string;
  /** Id of the last person in it; undefined: there is nobody behind. */
  last: string | undefined;
}

/** When somebody last signed in; nobody signs in to a service account, so its keys speak for it. */
function lastComing(account: Account, keys: readonly ApiKeyOverview[]): Date | null {
  if (!account.serviceAccount) return account.lastLoginAt;
  return keys.map(({ lastUsedAt }) => lastUsedAt ?? undefined).reduce(later, undefined) ?? null;
}

/** The later one of two times, of which each may be missing. */
function later(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
