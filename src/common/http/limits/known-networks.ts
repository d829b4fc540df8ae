import { Injectable } from '@nestjs/common';
import { Clock, later } from '../../../clock.js';
import { Database } from '../../../database/database.js';
import { LimitKeys } from './limit-keys.js';

/** How long a sign-in makes its network a known one, in milliseconds. */
const KNOWN_FOR = 90 * 86_400_000;
const FORGOTTEN_AT_ONCE = 500;

/**
 * Owner of the table KnownNetwork: where people have signed in to their accounts from. Asked
 * before each guess, so it is a table of its own with one probe by a MAC: the same work for an
 * address nobody has, an account nobody uses, and one with a thousand sessions.
 */
@Injectable()
export class KnownNetworks {
  constructor(
    private readonly database: Database,
    private readonly keys: LimitKeys,
    private readonly clock: Clock,
  ) {}

  /** @param accountKey see {@link LimitKeys.account} */
  async has(accountKey: string, network: string): Promise<boolean> {
    const [row] = await this.database.light.query<{ found: number | bigint }>`
      SELECT EXISTS (
        SELECT 1 FROM "KnownNetwork"
        WHERE "key" = ${this.#key(accountKey, network)} AND "expiresAt" > ${this.clock.now()}
      ) AS "found"`;
    return Number(row!.found) === 1;
  }

  async remember(accountKey: string, network: string): Promise<void> {
    const expiresAt = later(this.clock.now(), KNOWN_FOR);
    await this.database.light.execute`
      INSERT INTO "KnownNetwork" ("key", "expiresAt")
      VALUES (${this.#key(accountKey, network)}, ${expiresAt})
      ON CONFLICT ("key") DO UPDATE SET "expiresAt" = excluded."expiresAt"`;
  }

  /** Deletes those that have expired by then; yields how many at each step. */
  async *forgetExpired(now: Date): AsyncGenerator<number> {
    for (;;) {
      const forgotten = await this.database.light.execute`
        DELETE FROM "KnownNetwork" WHERE "key" IN (
          SELECT "key" FROM "KnownNetwork" WHERE "expiresAt" <= ${now} LIMIT ${FORGOTTEN_AT_ONCE})`;
      yield forgotten;
      if (forgotten < FORGOTTEN_AT_ONCE) return;
    }
  }

  #key(accountKey: string, network: string): string {
    return this.keys.of('known-network', accountKey, network);
  }
}
