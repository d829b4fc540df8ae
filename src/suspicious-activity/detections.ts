import { Injectable } from '@nestjs/common';
import { Clock, later } from '../clock.js';
import { LimitKeys } from '../common/http/limits/limit-keys.js';
import { Database } from '../database/database.js';
import type { RuleName } from './rules.js';

const FORGOTTEN_AT_ONCE = 500;

/** Owner of the table SuspiciousActivity: what was told lately, by whichever process. */
@Injectable()
export class Detections {
  constructor(
    private readonly database: Database,
    private readonly keys: LimitKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes on to tell of something, unless it was told less than `cooldownMs` ago. One guarded
   * statement: of any number of processes, one gets it. Call it inside the transaction of what is
   * told. One that was told far ahead of now was told before the clock was set back.
   *
   * @param about with the rule, names it
   */
  async claim(rule: RuleName, about: string, cooldownMs: number): Promise<boolean> {
    const now = this.clock.now();
    const claimed = await this.database.execute`
      INSERT INTO "SuspiciousActivity" ("key", "rule", "detectedAt")
      VALUES (${this.keys.of('suspicious', rule, about)}, ${rule}, ${now})
      ON CONFLICT ("key") DO UPDATE SET "detectedAt" = excluded."detectedAt"
        WHERE "detectedAt" <= ${later(now, -cooldownMs)}
           OR "detectedAt" > ${later(now, cooldownMs)}`;
    return claimed === 1;
  }

  /** How many were told by this rule since then. */
  async countSince(rule: RuleName, since: Date): Promise<number> {
    const [row] = await this.database.query<{ found: number | bigint }>`
      SELECT count(*) AS "found" FROM "SuspiciousActivity"
      WHERE "detectedAt" > ${since} AND "detectedAt" <= ${this.clock.now()} AND "rule" = ${rule}`;
    return Number(row!.found);
  }

  /** Deletes what was told before then; yields how many at each step. */
  async *forget(before: Date): AsyncGenerator<number> {
    for (;;) {
      const forgotten = await this.database.execute`
        DELETE FROM "SuspiciousActivity" WHERE "key" IN (
          SELECT "key" FROM "SuspiciousActivity" WHERE "detectedAt" < ${before}
          LIMIT ${FORGOTTEN_AT_ONCE})`;
      yield forgotten;
      if (forgotten < FORGOTTEN_AT_ONCE) return;
    }
  }
}
