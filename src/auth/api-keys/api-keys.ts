import { Injectable } from '@nestjs/common';
import { type ApiKeyOverview, ReviewedApiKeys } from '../../access-review/reviewed-api-keys.js';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../clock.js';
import { EvictingCache } from '../../common/evicting-cache.js';
import { Database } from '../../database/database.js';
import { stretches } from '../../database/stretches.js';
import type { ApiKey, Prisma } from '../../generated/prisma/client.js';
import { ApiKeyUses } from './api-key-uses.js';
import { Networks } from './networks.js';

/** Why a key ended. One that expires has no reason but its time. */
export type ApiKeyEndReason = 'ended_by_user' | 'ended_by_administrator' | 'not_me';

/** What a key is checked by. */
export interface CheckedKey {
  readonly id: string;
  readonly userId: string;
  readonly keyHash: Uint8Array;
  readonly permissions: ReadonlySet<string>;
  /** Undefined: it may come from anywhere. */
  readonly networks: Networks | undefined;
  readonly expiresAt: Date | null;
  readonly endedAt: Date | null;
}

/** A key as its owner sees it; `permissions` and `networks` are lists of text. */
export type ShownKey = Omit<ApiKey, 'keyHash' | 'permissions' | 'networks'> & {
  permissions: string[];
  networks: string[];
};

const KEPT_KEYS = 10_000;
/** How many keys of one account stand at most. */
export const MOST_KEYS = 50;

/**
 * Owner of the table ApiKey. Look-ups are kept in memory; every way a key ends goes through here
 * and evicts, so that it counts at the next request.
 */
@Injectable()
export class ApiKeys extends ReviewedApiKeys {
  readonly #byId = new EvictingCache<CheckedKey>(KEPT_KEYS);

  constructor(
    private readonly database: Database,
    private readonly uses: ApiKeyUses,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {
    super();
    database.onForeignChange(() => this.#byId.clear());
  }

  /** The key with this id, also an ended one, from memory when it is known there. */
  find(id: string): Promise<CheckedKey | undefined> {
    const load = async () => {
      const [row] = await this.database.query<ApiKey>`SELECT * FROM "ApiKey" WHERE "id" = ${id}`;
      return row && checked(row);
    };
    return this.database.inTransaction ? load() : this.#byId.get(id, load);
  }

  /** {@link find}, only from memory. */
  peek(id: string): CheckedKey | undefined {
    return this.#byId.peek(id);
  }

  /** Keeps a new key. False: the account has as many as it may have. */
  async add(
    key: Omit<ShownKey, 'endedAt' | 'endReason' | 'lastUsedAt' | 'lastUsedIp'>,
    keyHash: Uint8Array,
  ): Promise<boolean> {
    const now = this.clock.now();
    return this.database.transaction(async () => {
      const added = await this.database.execute`
        INSERT INTO "ApiKey" ("id", "userId", "name", "keyHash", "permissions", "networks",
                              "createdAt", "createdBy", "expiresAt")
        SELECT ${key.id}, ${key.userId}, ${key.name}, ${keyHash},
               ${JSON.stringify(key.permissions)}, ${JSON.stringify(key.networks)},
               ${key.createdAt}, ${key.createdBy}, ${key.expiresAt}
        WHERE (
          SELECT count(*) FROM "ApiKey"
          WHERE "userId" = ${key.userId} AND "endedAt" IS NULL
            AND ("expiresAt" IS NULL OR "expiresAt" > ${now})) < ${MOST_KEYS}`;
      if (added === 0) return false;
      await this.audit.record({
        type: 'api_key.created',
        actor: key.createdBy,
        subject: key.userId,
        after: {
          key: key.id,
          permissions: key.permissions,
          networks: key.networks,
          expiresAt: key.expiresAt?.toISOString() ?? null,
        },
      });
      return true;
    });
  }

  /** False when there is no such key of this user, or it had ended before. */
  async end(
    userId: string,
    id: string,
    reason: ApiKeyEndReason,
    actor: string | undefined,
  ): Promise<boolean> {
    return this.database.transaction(async () => {
      const ended = await this.database.execute`
        UPDATE "ApiKey" SET "endedAt" = ${this.clock.now()}, "endReason" = ${reason}
        WHERE "id" = ${id} AND "userId" = ${userId} AND "endedAt" IS NULL`;
      this.database.afterCommit(() => this.#byId.evict(id));
      if (ended === 0) return false;
      await this.audit.record({
        type: 'api_key.ended',
        actor,
        subject: userId,
        after: { key: id, reason },
      });
      return true;
    });
  }

  /** Ends all keys of a user. Gives how many ended. */
  async endAll(
    userId: string,
    reason: ApiKeyEndReason,
    actor: string | undefined,
  ): Promise<number> {
    return this.database.transaction(async () => {
      const ended = await this.database.query<{ id: string }>`
        UPDATE "ApiKey" SET "endedAt" = ${this.clock.now()}, "endReason" = ${reason}
        WHERE "userId" = ${userId} AND "endedAt" IS NULL RETURNING "id"`;
      this.database.afterCommit(() => {
        for (const { id } of ended) this.#byId.evict(id);
      });
      if (ended.length > 0) {
        await this.audit.record({
          type: 'api_key.ended',
          actor,
          subject: userId,
          after: { keys: ended.length, reason },
        });
      }
      return ended.length;
    });
  }

  /** Keys of a user that stand, oldest first. */
  async list(userId: string, after: string | undefined, take: number): Promise<ShownKey[]> {
    const rows = await this.database.client.apiKey.findMany({
      where: { ...this.#live(userId), ...(after === undefined ? {} : { id: { gt: after } }) },
      omit: { keyHash: true },
      orderBy: { id: 'asc' },
      take,
    });
    return rows.map((row) => this.#shown(row));
  }

  /** How many keys of a user stand. */
  count(userId: string): Promise<number> {
    return this.database.client.apiKey.count({ where: this.#live(userId) });
  }

  /** How many keys stand, of all users. */
  async countLive(): Promise<number> {
    const [row] = await this.database.query<{ live: number | bigint }>`
      SELECT count(*) AS "live" FROM "ApiKey"
      WHERE "endedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > ${this.clock.now()})`;
    return Number(row!.live);
  }

  /** Every key of a user that is still kept, also the ended ones. */
  async history(userId: string): Promise<ShownKey[]> {
    const rows = await this.database.client.apiKey.findMany({
      where: { userId },
      omit: { keyHash: true },
      orderBy: { id: 'asc' },
    });
    return rows.map((row) => this.#shown(row));
  }

  async of(userIds: readonly string[]): Promise<Map<string, ApiKeyOverview[]>> {
    const now = this.clock.now();
    const rows = await this.database.client.apiKey.findMany({
      where: {
        userId: { in: [...userIds] },
        endedAt: null,
        OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      },
      omit: { keyHash: true },
      orderBy: { id: 'asc' },
    });
    const byUser = new Map<string, ApiKeyOverview[]>();
    for (const row of rows) {
      const { id, name, permissions, createdAt, expiresAt, lastUsedAt } = this.#shown(row);
      const own = byUser.get(row.userId) ?? [];
      byUser.set(row.userId, own);
      own.push({ id, name, permissions, createdAt, expiresAt, lastUsedAt });
    }
    return byUser;
  }

  /** Deletes keys that ended or expired before then; yields how many at each step. */
  async *forgetEnded(before: Date): AsyncGenerator<number> {
    for await (const { gt, lte } of stretches(this.database, 'ApiKey')) {
      const forgotten = await this.database.query<{ id: string }>`
        DELETE FROM "ApiKey"
        WHERE "id" > ${gt} AND "id" <= ${lte} AND ("endedAt" < ${before} OR "expiresAt" < ${before})
        RETURNING "id"`;
      for (const { id } of forgotten) this.#byId.evict(id);
      yield forgotten.length;
    }
  }

  #live(userId: string): Prisma.ApiKeyWhereInput {
    const now = this.clock.now();
    return { userId, endedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  }

  /** With its last use, also one that is not written yet. */
  #shown(row: Omit<ApiKey, 'keyHash'>): ShownKey {
    const use = this.uses.pendingOf(row.id);
    return {
      ...row,
      permissions: row.permissions as string[],
      networks: row.networks as string[],
      ...(use ? { lastUsedAt: new Date(use.at), lastUsedIp: use.ip } : {}),
    };
  }
}

function checked(row: ApiKey): CheckedKey {
  const networks = row.networks as string[];
  return {
    id: row.id,
    userId: row.userId,
    keyHash: row.keyHash,
    permissions: new Set(row.permissions as string[]),
    networks: networks.length === 0 ? undefined : new Networks(networks),
    expiresAt: row.expiresAt,
    endedAt: row.endedAt,
  };
}
