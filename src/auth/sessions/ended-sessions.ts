import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { EndedSession } from '../../generated/prisma/client.js';

/** A place in the order of commits; the id tells it from the same number in a restored database. */
export type EndedPlace = Pick<EndedSession, 'seq' | 'sessionId'>;

const FORGOTTEN_AT_ONCE = 500;

/**
 * Owner of the table EndedSession: which sessions have ended, in the order of commits, so that who
 * reads on from a place misses none, whatever clocks do.
 */
@Injectable()
export class EndedSessions {
  constructor(private readonly database: Database) {}

  /** Call in the transaction that ends them. */
  async add(sessionIds: readonly string[], endedAt: Date): Promise<void> {
    await this.database.execute`
      INSERT INTO "EndedSession" ("sessionId", "endedAt")
      SELECT "value", ${endedAt} FROM json_each(${JSON.stringify(sessionIds)})`;
  }

  /** Those behind `seq` that ended after `since`, in order. */
  after(seq: number, since: Date, take: number): Promise<EndedSession[]> {
    return this.database.query<EndedSession>`
      SELECT "seq", "sessionId", "endedAt" FROM "EndedSession"
      WHERE "seq" > ${seq} AND "endedAt" > ${since} ORDER BY "seq" LIMIT ${take}`;
  }

  async holds({ seq, sessionId }: EndedPlace): Promise<boolean> {
    const rows = await this.database.query`
      SELECT 1 FROM "EndedSession" WHERE "seq" = ${seq} AND "sessionId" = ${sessionId}`;
    return rows.length > 0;
  }

  async newest(): Promise<EndedPlace | undefined> {
    const [row] = await this.database.query<EndedPlace>`
      SELECT "seq", "sessionId" FROM "EndedSession" ORDER BY "seq" DESC LIMIT 1`;
    return row;
  }

  /** Deletes those that ended before then; yields how many at each step. */
  async *forget(before: Date): AsyncGenerator<number> {
    for (;;) {
      const forgotten = await this.database.execute`
        DELETE FROM "EndedSession" WHERE "seq" IN (
          SELECT "seq" FROM "EndedSession" WHERE "endedAt" < ${before}
          ORDER BY "seq" LIMIT ${FORGOTTEN_AT_ONCE})`;
      yield forgotten;
      if (forgotten < FORGOTTEN_AT_ONCE) return;
    }
  }
}
