import { Injectable } from '@nestjs/common';
import { MasterKey } from '../common/crypto/master-key.js';
import { Database } from '../database/database.js';
import { Audit } from './audit.js';
import { BEGINNING, chained } from './chain.js';
import { linesAfter } from './chained-lines.js';

/** How many lines are bound by one statement. */
const STRETCH = 500;

/**
 * Lines from before there was a chain. The first start that has them binds them all into one, and
 * records that: that they were not changed before then is not proven. A trail that holds any chain
 * is left alone, or whoever takes hashes away would get new ones for what they wrote.
 */
@Injectable()
export class OlderLines {
  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly audit: Audit,
  ) {}

  /** Call once the database is open, before anything is recorded. */
  async bind(): Promise<void> {
    if (!(await this.#areThere())) return;
    await this.database.transaction(async () => {
      if (!(await this.#areThere())) return; // another process was faster
      const newest = await this.#bind();
      await this.audit.record({ type: 'audit.chained', subject: newest });
    });
  }

  /** Whether there are lines, and none is in a chain. */
  async #areThere(): Promise<boolean> {
    const [row] = await this.database.query<{ some: number }>`
      SELECT EXISTS (SELECT 1 FROM "AuditEvent")
        AND NOT EXISTS (SELECT 1 FROM "AuditEvent" WHERE "hash" IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM "AuditCheckpoint") AS "some"`;
    return row!.some === 1;
  }

  /** Gives the id of the newest. */
  async #bind(): Promise<string> {
    let before = BEGINNING;
    for (let id = ''; ;) {
      const lines = await linesAfter(this.database, before.seq, STRETCH);
      if (lines.length === 0) return id;
      id = lines.at(-1)!.id!;
      const bound = lines.map((line) => {
        const { seq, previousHash, hash } = chained(this.masterKey, line, before);
        before = { seq, hash: hash! };
        return { seq, previousHash, hash };
      });
      await this.database.execute`
        UPDATE "AuditEvent" SET "previousHash" = unhex("bound"."value" ->> 'previousHash'),
                                "hash" = unhex("bound"."value" ->> 'hash')
        FROM json_each(${JSON.stringify(bound)}) AS "bound"
        WHERE "seq" = "bound"."value" ->> 'seq'`;
    }
  }
}
