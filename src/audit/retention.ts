import { Injectable, Logger } from '@nestjs/common';
import { MasterKey } from '../common/crypto/master-key.js';
import { Database } from '../database/database.js';
import { BrokenChain, checkpointMac, faultOf } from './chain.js';
import { linesAfter, oldestLink, storedTime } from './chained-lines.js';

/** So few lines that no other writer waits long. */
const STRETCH = 500;

/**
 * Removes what is old from the beginning of the audit trail, and puts a checkpoint in its place that
 * the rest of the chain goes on from. Owner of the table AuditCheckpoint.
 */
@Injectable()
export class AuditRetention {
  readonly #log = new Logger('audit');

  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
  ) {}

  /**
   * Removes lines of before then, up to the first that is not; yields how many at each step. A line
   * with a time in the future, from a clock that was wrong, keeps what stands behind it, too.
   *
   * A line that is not what the server wrote stays, and so does all behind it: the checkpoint would
   * vouch for it.
   */
  async *forget(before: Date): AsyncGenerator<number> {
    try {
      for (let removed = STRETCH; removed === STRETCH;) {
        removed = await this.#forgetStretch(storedTime(before));
        yield removed;
      }
    } catch (error) {
      if (!(error instanceof BrokenChain)) throw error;
      this.#log.error({ outcome: 'not removed', reason: error.message });
    }
  }

  #forgetStretch(before: string): Promise<number> {
    return this.database.transaction(async () => {
      const oldest = await oldestLink(this.database, this.masterKey);
      let last = oldest;
      for (const line of await linesAfter(this.database, oldest.seq, STRETCH)) {
        const fault = faultOf(this.masterKey, line, last);
        if (fault) throw new BrokenChain(fault);
        if (line.at! >= before) break;
        last = { seq: line.seq, hash: line.hash! };
      }
      if (last === oldest) return 0;

      await this.database.execute`
        INSERT INTO "AuditCheckpoint" ("id", "seq", "hash", "mac")
        VALUES (1, ${last.seq}, unhex(${last.hash}), ${checkpointMac(this.masterKey, last)})
        ON CONFLICT ("id") DO UPDATE SET
          "seq" = excluded."seq", "hash" = excluded."hash", "mac" = excluded."mac"`;
      return this.database.execute`
        DELETE FROM "AuditEvent" WHERE "seq" > ${oldest.seq} AND "seq" <= ${last.seq}`;
    });
  }
}
