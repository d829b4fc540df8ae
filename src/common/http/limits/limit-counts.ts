import { Injectable } from '@nestjs/common';
import type { Rate } from '../../../config/config.js';
import { Database } from '../../../database/database.js';
import { Prisma } from '../../../generated/prisma/client.js';
import type { LimitName } from '../../security-events.js';
import type { Window } from './fixed-windows.js';
import {
  type Budget,
  type Count,
  delayAfter,
  FREE_FAILURES,
  LONGEST_DELAY,
  LONGEST_JUDGEMENT,
  OUT_OF_ORDER,
} from './guess.policy.js';

/** So many rows are kept. */
const CAPACITY = 100_000;
/**
 * What strangers can make rows of without a hash, by codes and tokens that are wrong, from as many
 * networks and for as many addresses as they like.
 */
const CHEAP: readonly LimitName[] = ['failures', 'token'];
/** How many counts are begun between two looks at what is over. */
const SWEEP_EVERY = 256;
const SWEPT_AT_ONCE = 1000;
const LONGEST_WINDOW = 86_400_000;

type Numbers<Row> = {
  [Field in keyof Row]: Row[Field] extends number ? number | bigint : Row[Field];
};

/** What an administrator sees of one limit on an account. */
export interface AccountCount extends Window {
  readonly limit: LimitName;
}

/**
 * Owner of the table LimitCount: counts that all processes on one file share, exactly, and that a
 * restart does not forget. A guess is counted before it is judged ({@link reserve}), and given
 * back when it was right, so that of many at once no more are judged than may be wrong. Each step
 * is one statement. When the file cannot be written, the error leaves here: no count, no guess.
 */
@Injectable()
export class LimitCounts {
  #begun = 0;

  constructor(private readonly database: Database) {}

  /**
   * Counts one guess as being judged, against all of these, unless one that is enforced leaves no
   * room: `verdictOn` says the same in words.
   */
  async reserve(budgets: readonly Budget[], now: number): Promise<boolean> {
    const budget = budgets.map(
      ({ key, limit, account, rate, delays, countsOnly }) =>
        Prisma.sql`(${key}, ${limit}, ${account ?? null}, ${rate.count}, ${rate.windowMs},
                    ${delays ? 1 : 0}, ${countsOnly ? 0 : 1})`,
    );
    const reserved = await this.database.light.execute`
      WITH "budget" ("key", "limit", "account", "count", "windowMs", "delays", "enforced")
        AS (VALUES ${Prisma.join(budget)})
      INSERT INTO "LimitCount" ("key", "limit", "account", "failures", "pending", "pendingUntil",
                                "notBefore", "endsAt", "told")
      SELECT "key", "limit", "account", 0, 1, ${now + LONGEST_JUDGEMENT}, 0, ${now} + "windowMs", FALSE
      FROM "budget"
      WHERE NOT EXISTS (
        SELECT 1 FROM "budget" AS "b" JOIN "LimitCount" AS "c" ON "c"."key" = "b"."key"
        WHERE "b"."enforced" AND "c"."endsAt" > ${now} AND "c"."endsAt" <= ${now + OUT_OF_ORDER} + "b"."windowMs"
          AND ("c"."failures" + "c"."pending" >= "b"."count"
            OR "b"."delays" AND ("c"."notBefore" > ${now} AND "c"."notBefore" <= ${now + LONGEST_DELAY + OUT_OF_ORDER}
              OR NOT ${isStale('c', now)} AND "c"."pending" >= max(1, ${FREE_FAILURES} - "c"."failures"))))
      ON CONFLICT ("key") DO UPDATE SET
        "failures" = CASE WHEN NOT ${isSame(now)} THEN 0
          WHEN ${isStale('LimitCount', now)} THEN "failures" + "pending" ELSE "failures" END,
        "pending" = CASE WHEN NOT ${isSame(now)} OR ${isStale('LimitCount', now)} THEN 1
          ELSE "pending" + 1 END,
        "pendingUntil" = excluded."pendingUntil",
        "notBefore" = CASE WHEN ${isSame(now)} THEN "notBefore" ELSE 0 END,
        "endsAt" = CASE WHEN ${isSame(now)} THEN "endsAt" ELSE excluded."endsAt" END,
        "told" = CASE WHEN ${isSame(now)} THEN "told" ELSE FALSE END`;
    if (reserved === 0) return false;
    this.#sweepSometimes(now);
    return true;
  }

  /** The guess was right, or was not judged: it leaves no trace. */
  async giveBack(budgets: readonly Budget[]): Promise<void> {
    await this.database.light.execute`
      UPDATE "LimitCount" SET "pending" = max(0, "pending" - 1)
      WHERE "key" IN (${Prisma.join(budgets.map(({ key }) => key))})`;
  }

  /** The guess was wrong. Gives what now stands under each key whose window still runs. */
  async fail(
    budgets: readonly Budget[],
    now: number,
  ): Promise<Pick<Count, 'key' | 'failures' | 'endsAt'>[]> {
    const delayed = budgets.find(({ delays }) => delays)?.key ?? '';
    const rows = await this.database.light.query<
      Numbers<Pick<Count, 'key' | 'failures' | 'endsAt'>>
    >`
      UPDATE "LimitCount" SET
        "failures" = "failures" + 1,
        "pending" = max(0, "pending" - 1),
        "notBefore" = CASE WHEN "key" <> ${delayed} OR "failures" + 1 < ${FREE_FAILURES} THEN "notBefore"
          ELSE ${now} + (${delayAfter(FREE_FAILURES)}
            << min(${Math.log2(LONGEST_DELAY / delayAfter(FREE_FAILURES))}, "failures" + 1 - ${FREE_FAILURES})) END
      WHERE "key" IN (${Prisma.join(budgets.map(({ key }) => key))}) AND "endsAt" > ${now}
      RETURNING "key", "failures", "endsAt"`;
    return rows.map(({ key, failures, endsAt }) => ({
      key,
      failures: Number(failures),
      endsAt: Number(endsAt),
    }));
  }

  /** True for one call in the window of this key, whichever process asks. */
  async tellOnce(key: string): Promise<boolean> {
    const told = await this.database.light.execute`
      UPDATE "LimitCount" SET "told" = TRUE WHERE "key" = ${key} AND NOT "told"`;
    return told === 1;
  }

  async read(keys: readonly string[]): Promise<Count[]> {
    const rows = await this.database.light.query<Numbers<Count>>`
      SELECT "key", "failures", "pending", "pendingUntil", "notBefore", "endsAt" FROM "LimitCount"
      WHERE "key" IN (${Prisma.join(keys)})`;
    return rows.map(({ key, failures, pending, pendingUntil, notBefore, endsAt }) => ({
      key,
      failures: Number(failures),
      pending: Number(pending),
      pendingUntil: Number(pendingUntil),
      notBefore: Number(notBefore),
      endsAt: Number(endsAt),
    }));
  }

  /**
   * Counts a hit on a limit that counts whatever comes. Past it nothing is written, and the window
   * that comes back has one more than the limit.
   */
  async hit(key: string, limit: LimitName, rate: Rate, now: number): Promise<Window> {
    const rows = await this.database.light.query<{ failures: number | bigint; endsAt: bigint }>`
      INSERT INTO "LimitCount" ("key", "limit", "failures", "pending", "pendingUntil", "notBefore", "endsAt", "told")
      VALUES (${key}, ${limit}, 1, 0, 0, 0, ${now + rate.windowMs}, FALSE)
      ON CONFLICT ("key") DO UPDATE SET
        "failures" = CASE WHEN ${isSame(now)} THEN "failures" + 1 ELSE 1 END,
        "endsAt" = CASE WHEN ${isSame(now)} THEN "endsAt" ELSE excluded."endsAt" END
      WHERE NOT ${isSame(now)} OR "failures" < ${rate.count}
      RETURNING "failures", "endsAt"`;
    this.#sweepSometimes(now);
    if (rows[0]) return { count: Number(rows[0].failures), endsAt: Number(rows[0].endsAt) };
    const [full] = await this.read([key]);
    return { count: rate.count + 1, endsAt: full?.endsAt ?? now };
  }

  /** The running windows of an account, largest count first. */
  async ofAccount(account: string, now: number): Promise<AccountCount[]> {
    const rows = await this.database.light.query<{
      limit: LimitName;
      count: number | bigint;
      endsAt: bigint;
    }>`
      SELECT "limit", "failures" + "pending" AS "count", "endsAt" FROM "LimitCount"
      WHERE "account" = ${account} AND "endsAt" > ${now} AND "failures" + "pending" > 0
      ORDER BY "count" DESC, "endsAt" DESC, "key"`;
    return rows.map(({ limit, count, endsAt }) => ({
      limit,
      count: Number(count),
      endsAt: Number(endsAt),
    }));
  }

  /** Begins every window of the account anew; gives how many there were. */
  lift(account: string): Promise<number> {
    return this.database.light.execute`DELETE FROM "LimitCount" WHERE "account" = ${account}`;
  }

  /**
   * Deletes windows that are over, and past the capacity those that cost least and have counted
   * least: whoever is near a limit cannot push their own count out by making others. Yields how many
   * at each step.
   *
   * @param surplus how many rows past the capacity are let be: to find the least of them reads all
   */
  async *forgetEnded(now: number, surplus = 0): AsyncGenerator<number> {
    for (;;) {
      const over = await this.database.light.execute`
        DELETE FROM "LimitCount" WHERE "key" IN (
          SELECT "key" FROM "LimitCount"
          WHERE "endsAt" <= ${now} OR "endsAt" > ${now + LONGEST_WINDOW + OUT_OF_ORDER} LIMIT ${SWEPT_AT_ONCE})`;
      const least = await this.database.light.execute`
        DELETE FROM "LimitCount" WHERE "key" IN (
          SELECT "key" FROM "LimitCount"
          ORDER BY "limit" NOT IN (${Prisma.join([...CHEAP])}), "failures" + "pending", "endsAt"
          LIMIT (SELECT iif(count(*) > ${CAPACITY + surplus}, min(${SWEPT_AT_ONCE}, count(*) - ${CAPACITY}), 0)
                 FROM "LimitCount"))`;
      yield over + least;
      if (over < SWEPT_AT_ONCE && least < SWEPT_AT_ONCE) return;
    }
  }

  /** Beside the request that happens to be the one; what fails is made up for by the next. */
  #sweepSometimes(now: number): void {
    if (++this.#begun % SWEEP_EVERY !== 0) return;
    this.forgetEnded(now, SWEPT_AT_ONCE)
      .next()
      .catch(() => {});
  }
}

/** Whether the window in the table still runs; else the row begins another. */
function isSame(now: number): Prisma.Sql {
  return Prisma.sql`("LimitCount"."endsAt" > ${now} AND "LimitCount"."endsAt" <= excluded."endsAt" + ${OUT_OF_ORDER})`;
}

/** Whether what is pending was left behind by a process that died. */
function isStale(table: 'c' | 'LimitCount', now: number): Prisma.Sql {
  const until = Prisma.raw(`"${table}"."pendingUntil"`);
  return Prisma.sql`(${until} <= ${now} OR ${until} > ${now + LONGEST_JUDGEMENT + OUT_OF_ORDER})`;
}
