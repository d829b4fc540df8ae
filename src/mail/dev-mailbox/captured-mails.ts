import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { Database } from '../../database/database.js';
import { stretches } from '../../database/stretches.js';
import type { CapturedMail } from '../../generated/prisma/client.js';
import { OrderedIds } from '../outbox/ordered-ids.js';
import type { MailMessage } from '../transports/transport.js';

/** A mail that would have been sent. */
export interface KeptMail extends Omit<MailMessage, 'toKey'> {
  sentAt: Date;
}

/** How many of the newest mails are kept. */
const KEPT = 200;

/** Owner of the table CapturedMail. Mails in it are encrypted like those in the outbox. */
@Injectable()
export class CapturedMails {
  readonly #ids = new OrderedIds();
  readonly #events = new EventEmitter().setMaxListeners(0);

  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {
    database.onForeignChange(() => this.#events.emit('kept'));
  }

  async keep({ toKey, ...message }: MailMessage): Promise<void> {
    const sentAt = this.clock.now();
    const id = this.#ids.next(sentAt);
    const sealed = this.masterKey.seal('mail-at-rest', id, Buffer.from(JSON.stringify(message)));
    await this.database.light.execute`
        INSERT INTO "CapturedMail" ("id", "recipientKey", "message", "sentAt")
        VALUES (${id}, ${toKey}, ${sealed}, ${sentAt})`;
    await this.database.light.execute`
        DELETE FROM "CapturedMail" WHERE "id" <= (
          SELECT "id" FROM "CapturedMail" ORDER BY "id" DESC LIMIT 1 OFFSET ${KEPT})`;
    this.#events.emit('kept');
  }

  /**
   * Newest first.
   *
   * @param recipientKey canonical address; undefined: all
   * @param before id to go on behind; undefined: from the newest
   */
  async list(
    recipientKey: string | undefined,
    before: string | undefined,
    take: number,
  ): Promise<KeptMail[]> {
    const rows = await this.database.client.capturedMail.findMany({
      where: {
        ...(recipientKey === undefined ? {} : { recipientKey }),
        ...(before === undefined ? {} : { id: { lt: before } }),
      },
      orderBy: { id: 'desc' },
      take,
    });
    return rows.flatMap((row) => this.#open(row) ?? []);
  }

  count(recipientKey: string | undefined): Promise<number> {
    return this.database.client.capturedMail.count({
      where: recipientKey === undefined ? {} : { recipientKey },
    });
  }

  /** Calls `listener` when a mail may have been added; the result ends that. */
  onKept(listener: () => void): () => void {
    this.#events.on('kept', listener);
    return () => this.#events.off('kept', listener);
  }

  /** Deletes mails kept before then, also when none are kept any more; yields how many at each step. */
  async *forget(before: Date): AsyncGenerator<number> {
    for await (const id of stretches(this.database, 'CapturedMail')) {
      const { count } = await this.database.client.capturedMail.deleteMany({
        where: { id, sentAt: { lt: before } },
      });
      yield count;
    }
  }

  /** Undefined for a mail that was kept under another master key. */
  #open(row: CapturedMail): KeptMail | undefined {
    try {
      const message = this.masterKey.open('mail-at-rest', row.id, row.message).toString();
      return {
        ...(JSON.parse(message) as Omit<KeptMail, 'sentAt'>),
        id: row.id,
        sentAt: row.sentAt,
      };
    } catch {
      return undefined;
    }
  }
}
