import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { PermissionObserver } from '../common/access/permission-observer.js';
import { Database } from '../database/database.js';
import { isSensitive } from './permissions.js';

/** As a row is written. */
interface Use {
  userId: string;
  permission: string;
  at: string;
}

/** How long uses are gathered before they are written, in milliseconds. */
const GATHERED = 60_000;
/** Of how many people at most. More than that are written sooner. */
const MAX_PEOPLE = 10_000;
/** How many uses one statement writes: other writers wait for it. */
const WRITTEN_AT_ONCE = 500;

/** Times in milliseconds since 1970, by permission, by user. */
type Gathered = Map<string, Map<string, number>>;

/**
 * Owner of the table PermissionUse. A use costs a look into two maps; once a minute, and when the
 * server stops, those since the last time are written. A crash loses at most that minute. Several
 * processes write to one row: the latest time stays.
 */
@Injectable()
export class PermissionUses extends PermissionObserver implements BeforeApplicationShutdown {
  readonly #log = new Logger('PermissionUses');
  #gathered: Gathered = new Map();
  /** What is being written: still to be seen by whoever reads meanwhile. */
  #writing: Gathered = new Map();
  #written: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  used(userId: string, permissions: readonly string[]): void {
    const now = this.clock.now().getTime();
    for (const permission of permissions) {
      if (isSensitive(permission)) note(this.#gathered, userId, permission, now);
    }
    if (this.#gathered.size >= MAX_PEOPLE) void this.flush();
    else if (this.#gathered.size > 0) this.#flushLater();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true; // what requests in flight still use is written at once
    await this.flush();
  }

  /** Writes what was gathered. Never fails: what could not be written is tried again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#written = this.#written.then(() => this.#write()));
  }

  /** When each of these people last used what, by permission, by id; also what is not written yet. */
  async of(userIds: readonly string[]): Promise<Map<string, ReadonlyMap<string, Date>>> {
    const uses: Gathered = new Map();
    const rows = await this.database.client.permissionUse.findMany({
      where: { userId: { in: [...userIds] } },
    });
    for (const { userId, permission, lastUsedAt } of rows) {
      note(uses, userId, permission, lastUsedAt.getTime());
    }
    for (const userId of userIds) {
      for (const pending of [this.#writing, this.#gathered]) {
        for (const [permission, at] of pending.get(userId) ?? []) {
          note(uses, userId, permission, at);
        }
      }
    }
    return new Map(
      Array.from(uses, ([userId, own]) => [
        userId,
        new Map(Array.from(own, ([permission, at]) => [permission, new Date(at)])),
      ]),
    );
  }

  #flushLater(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#stopping ? 0 : GATHERED).unref();
  }

  async #write(): Promise<void> {
    this.#writing = this.#gathered;
    this.#gathered = new Map();
    const uses = listed(this.#writing);
    try {
      while (uses.length > 0) await this.#store(uses.splice(0, WRITTEN_AT_ONCE));
    } catch (error) {
      this.#log.error({ reason: 'uses of permissions cannot be written', err: error });
      this.#keepForLater();
    } finally {
      this.#writing = new Map();
    }
  }

  /** With a disk that stays full, memory stays bounded: the newest uses are kept. */
  #keepForLater(): void {
    for (const [userId, uses] of this.#writing) {
      if (this.#gathered.size >= MAX_PEOPLE / 2) break;
      for (const [permission, at] of uses) note(this.#gathered, userId, permission, at);
    }
    if (!this.#stopping) this.#flushLater();
  }

  /** Of people who are no more there is nothing to keep. */
  async #store(uses: readonly Use[]): Promise<void> {
    await this.database.execute`
      INSERT INTO "PermissionUse" ("userId", "permission", "lastUsedAt")
      SELECT "User"."id", "use"."value" ->> 'permission', "use"."value" ->> 'at'
      FROM json_each(${JSON.stringify(uses)}) AS "use"
      JOIN "User" ON "User"."id" = "use"."value" ->> 'userId'
      WHERE TRUE
      ON CONFLICT ("userId", "permission") DO UPDATE SET
        "lastUsedAt" = max("lastUsedAt", excluded."lastUsedAt")`;
  }
}

/** The latest time stays. */
function note(uses: Gathered, userId: string, permission: string, at: number): void {
  let own = uses.get(userId);
  if (!own) uses.set(userId, (own = new Map()));
  if (at > (own.get(permission) ?? 0)) own.set(permission, at);
}

function listed(uses: Gathered): Use[] {
  return [...uses].flatMap(([userId, own]) =>
    [...own].map(([permission, at]) => ({ userId, permission, at: storedTime(at) })),
  );
}

/** As Prisma's adapter writes times, so that text compares as time. */
function storedTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+00:00');
}
