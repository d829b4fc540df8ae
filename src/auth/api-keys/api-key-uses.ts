import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { Database } from '../../database/database.js';

interface Use {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null: not known. */
  readonly ip: string | null;
}

/** How long uses are gathered before they are written, in milliseconds. */
const GATHERED = 60_000;
/** Of how many keys at most. More than that are written sooner. */
const MAX_KEYS = 10_000;
/** How many uses one statement writes: other writers wait for it. */
const WRITTEN_AT_ONCE = 500;

/**
 * When and from where keys were last used. A use costs a look into a map; once a minute, and when
 * the server stops, those since the last time are written into the table ApiKey. A crash loses at
 * most that minute. Several processes write to one row: the latest use stays.
 */
@Injectable()
export class ApiKeyUses implements BeforeApplicationShutdown {
  readonly #log = new Logger('ApiKeyUses');
  #gathered = new Map<string, Use>();
  /** What is being written: still to be seen by whoever reads meanwhile. */
  #writing = new Map<string, Use>();
  #written: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  used(keyId: string, ip: string | null): void {
    this.#gathered.set(keyId, { at: this.clock.now().getTime(), ip });
    if (this.#gathered.size >= MAX_KEYS) void this.flush();
    else this.#flushLater();
  }

  /** The last use that is not written yet. */
  pendingOf(keyId: string): Use | undefined {
    return this.#gathered.get(keyId) ?? this.#writing.get(keyId);
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

  #flushLater(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#stopping ? 0 : GATHERED).unref();
  }

  async #write(): Promise<void> {
    this.#writing = this.#gathered;
    this.#gathered = new Map();
    const uses = [...this.#writing].map(([id, { at, ip }]) => ({ id, at: storedTime(at), ip }));
    try {
      while (uses.length > 0) await this.#store(uses.splice(0, WRITTEN_AT_ONCE));
    } catch (error) {
      this.#log.error({ reason: 'uses of API keys cannot be written', err: error });
      this.#keepForLater();
    } finally {
      this.#writing = new Map();
    }
  }

  /** With a disk that stays full, memory stays bounded: the newest uses are kept. */
  #keepForLater(): void {
    for (const [id, use] of this.#writing) {
      if (this.#gathered.size >= MAX_KEYS / 2) break;
      if (!this.#gathered.has(id)) this.#gathered.set(id, use);
    }
    if (!this.#stopping) this.#flushLater();
  }

  async #store(uses: readonly { id: string; at: string; ip: string | null }[]): Promise<void> {
    await this.database.light.execute`
      UPDATE "ApiKey" SET "lastUsedAt" = "use"."at", "lastUsedIp" = "use"."ip"
      FROM (
        SELECT "value" ->> 'id' AS "id", "value" ->> 'at' AS "at", "value" ->> 'ip' AS "ip"
        FROM json_each(${JSON.stringify(uses)})
      ) AS "use"
      WHERE "ApiKey"."id" = "use"."id"
        AND ("ApiKey"."lastUsedAt" IS NULL OR "ApiKey"."lastUsedAt" < "use"."at")`;
  }
}

/** As Prisma's adapter writes times, so that text compares as time. */
function storedTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '+00:00');
}
