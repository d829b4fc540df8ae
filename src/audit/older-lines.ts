import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MasterKey } from '../common/crypto/master-key.js';
import { Database } from '../database/database.js';
import { Audit } from './audit.js';
import { BEGINNING, chained, type Link } from './chain.js';
import { linesAfter } from './chained-lines.js';

/** How many lines are bound in one transaction. */
const STRETCH = 500;

/**
 * Lines from before there was a chain. The first start that has one binds them into it, and records
 * the last of them: that they were not changed before then is not proven.
 */
@Injectable()
export class OlderLines implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly audit: Audit,
  ) {}

  async onModuleInit(): Promise<void> {
    while (await this.#bindStretch());
  }

  /** False when nothing is left to bind. Safe to be called by several processes at once. */
  async #bindStretch(): Promise<boolean> {
    if ((await this.#newestUnbound()) === undefined) return false;
    await this.database.transaction(async () => {
      const until = await this.#newestUnbound();
      if (until === undefined) return; // another process was faster
      let before = await this.#newestBound();
      const bound = (await linesAfter(this.database, before.seq, STRETCH)).map((line) => {
        const whole = chained(this.masterKey, line, before);
        before = { seq: whole.seq, hash: whole.hash! };
        return { seq: whole.seq, previousHash: whole.previousHash, hash: whole.hash };
      });
      await this.database.client.$executeRaw`
        UPDATE "AuditEvent" SET "previousHash" = unhex("bound"."value" ->> 'previousHash'),
                                "hash" = unhex("bound"."value" ->> 'hash')
        FROM json_each(${JSON.stringify(bound)}) AS "bound"
        WHERE "seq" = "bound"."value" ->> 'seq'`;
      if (before.seq < until) return;
      await this.audit.record({
        type: 'audit.chained',
        subject: await this.#idOf(until),
      });
    });
    return true;
  }

  async #newestUnbound(): Promise<number | undefined> {
    const row = await this.database.client.auditEvent.findFirst({
      orderBy: { seq: 'desc' },
      select: { seq: true, hash: true },
    });
    return row && row.hash === null ? row.seq : undefined;
  }

  async #newestBound(): Promise<Link> {
    const row = await this.database.client.auditEvent.findFirst({
      where: { hash: { not: null } },
      orderBy: { seq: 'desc' },
      select: { seq: true, hash: true },
    });
    return row ? { seq: row.seq, hash: Buffer.from(row.hash!).toString('hex') } : BEGINNING;
  }

  async #idOf(seq: number): Promise<string> {
    return (await this.database.client.auditEvent.findUniqueOrThrow({ where: { seq } })).id;
  }
}
