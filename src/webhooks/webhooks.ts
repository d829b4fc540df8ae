import { Injectable } from '@nestjs/common';
import { Clock, later } from '../clock.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { stretches } from '../database/stretches.js';
import { Prisma } from '../generated/prisma/client.js';
import { LONGEST_PAUSE } from './backoff.js';

/** A message this process alone may send, until the claim runs out. */
export interface ClaimedWebhook {
  id: string;
  body: string;
  attempts: number;
  claimedUntil: Date;
}

export type WebhookCounts = Record<'queued' | 'sending' | 'dead', number>;

/** How long a claim lasts, in milliseconds: longer than the longest attempt to send. */
export const CLAIM = 30_000;

/**
 * Owner of the table WebhookDelivery: messages are written with what they tell of and sent later,
 * so that neither is ever there without the other, and no request waits for the receiver.
 */
@Injectable()
export class Webhooks {
  readonly #onWork: (() => void)[] = [];

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends a message, once the transaction it is called in (if any) has been committed; nothing
   * without WEBHOOK_URL.
   *
   * @param type dotted
   * @param data plain JSON, small
   */
  async send(type: string, data: object): Promise<void> {
    if (!this.config.webhook) return;
    const now = this.clock.now();
    const body = JSON.stringify({ type, timestamp: now.toISOString(), data });
    await this.database.execute`
      INSERT INTO "WebhookDelivery" ("id", "body", "state", "attempts", "nextAttemptAt", "createdAt")
      VALUES (${uuidv7(now)}, ${body}, 'queued', 0, ${now}, ${now})`;
    this.database.afterCommit(() => {
      for (const listener of this.#onWork) listener();
    });
  }

  /** Calls `listener` whenever there may be something to do. */
  onWork(listener: () => void): void {
    this.#onWork.push(listener);
  }

  /**
   * Claims the message that is due longest, also one whose claim has run out because its process
   * died. One guarded statement: however many processes ask, one gets it.
   */
  async claim(): Promise<ClaimedWebhook | undefined> {
    const now = this.clock.now();
    const [claimed] = await this.database.query<ClaimedWebhook>`
      UPDATE "WebhookDelivery" SET "state" = 'sending', "claimedUntil" = ${later(now, CLAIM)}
      WHERE "id" = (
        SELECT "id" FROM "WebhookDelivery"
        WHERE "state" IN ('queued', 'sending') AND ${isDue(now)} AND ${isFree(now)}
        ORDER BY "nextAttemptAt", "id" LIMIT 1)
        AND ${isFree(now)}
      RETURNING "id", "body", "attempts", "claimedUntil"`;
    return claimed;
  }

  /** The receiver has it. Holds also when the claim has run out meanwhile. */
  async markDelivered({ id }: ClaimedWebhook): Promise<void> {
    await this.database.execute`
      UPDATE "WebhookDelivery"
      SET "state" = 'delivered', "claimedUntil" = NULL, "lastError" = NULL
      WHERE "id" = ${id} AND "state" = 'sending'`;
  }

  /**
   * Gives a claimed message back, to be tried again at `at`.
   *
   * @param reason safe to show
   */
  async postpone({ id, claimedUntil }: ClaimedWebhook, at: Date, reason: string): Promise<void> {
    await this.database.execute`
      UPDATE "WebhookDelivery"
      SET "state" = 'queued', "attempts" = "attempts" + 1, "nextAttemptAt" = ${at},
          "claimedUntil" = NULL, "lastError" = ${reason}
      WHERE "id" = ${id} AND "state" = 'sending' AND "claimedUntil" = ${claimedUntil}`;
  }

  /** Gives a claimed message up. */
  async bury({ id, claimedUntil }: ClaimedWebhook, reason: string): Promise<void> {
    await this.database.execute`
      UPDATE "WebhookDelivery"
      SET "state" = 'dead', "attempts" = "attempts" + 1, "claimedUntil" = NULL,
          "lastError" = ${reason}
      WHERE "id" = ${id} AND "state" = 'sending' AND "claimedUntil" = ${claimedUntil}`;
  }

  /** How many wait in each state, or were given up. */
  async backlog(): Promise<WebhookCounts> {
    const counted = await this.database.query<{
      state: keyof WebhookCounts;
      count: number | bigint;
    }>`
      SELECT "state", count(*) AS "count" FROM "WebhookDelivery"
      WHERE "state" IN ('queued', 'sending', 'dead') GROUP BY "state"`;
    const counts = { queued: 0, sending: 0, dead: 0 };
    for (const { state, count } of counted) counts[state] = Number(count);
    return counts;
  }

  /**
   * Deletes messages that were written before then: by that time the last attempt is over, unless
   * nobody tried because there was no WEBHOOK_URL. Yields how many at each step.
   */
  async *forget(before: Date): AsyncGenerator<number> {
    for await (const { gt, lte } of stretches(this.database, 'WebhookDelivery')) {
      yield await this.database.execute`
        DELETE FROM "WebhookDelivery"
        WHERE "id" > ${gt} AND "id" <= ${lte} AND "createdAt" < ${before}`;
    }
  }
}

/** No message is put off for longer: one due later was put off before the clock was set back. */
function isDue(now: Date): Prisma.Sql {
  return Prisma.sql`("nextAttemptAt" <= ${now} OR "nextAttemptAt" > ${later(now, LONGEST_PAUSE)})`;
}

/** Not claimed, or by a process that died, or long before the clock was set back. */
function isFree(now: Date): Prisma.Sql {
  return Prisma.sql`("state" = 'queued' OR "claimedUntil" <= ${now}
    OR "claimedUntil" > ${later(now, 2 * CLAIM)})`;
}
