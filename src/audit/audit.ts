import { Injectable } from '@nestjs/common';
import { Clock, later } from '../clock.js';
import { MasterKey } from '../common/crypto/master-key.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { currentAddress, currentRequest } from '../common/http/request-context.js';
import { Database } from '../database/database.js';
import type { Prisma } from '../generated/prisma/client.js';
import { type AuditLine, chained } from './chain.js';
import { newestLink, storedTime } from './chained-lines.js';

/** Dotted names, stable; new ones are added. */
export type AuditEventType =
  | 'audit.chained'
  | 'user.registered'
  | 'registration.repeated'
  | 'user.verified'
  | 'user.invited'
  | 'user.imported'
  | 'user.updated'
  | 'user.disabled'
  | 'user.enabled'
  | 'user.deleted'
  | 'administrator.created'
  | 'login.succeeded'
  | 'login.reauthenticated'
  | 'login.failed_burst'
  | 'limits.lifted'
  | 'refresh.reused'
  | 'session.ended'
  | 'password.changed'
  | 'password.reset_started'
  | 'email.change_requested'
  | 'email.change_cancelled'
  | 'email.changed'
  | 'mfa.enrolled'
  | 'mfa.removed'
  | 'mfa.recovery_codes_renewed'
  | 'mfa.recovery_code_used'
  | 'mfa.challenge_failed'
  | 'device.trusted'
  | 'device.trust_ended'
  | 'invitation.repeated'
  | 'account.reclaimed'
  | 'api_key.created'
  | 'api_key.ended'
  | 'service_account.created'
  | 'roles.changed'
  | 'role.created'
  | 'role.changed'
  | 'role.deleted'
  | 'service.registered'
  | 'service.removed'
  /** The subject is the id of the backup. */
  | 'database.restored'
  | 'key.rotated'
  | 'key.retired'
  | 'key.compromised'
  | 'master_key.rotated'
  | 'access.reviewed'
  | 'passkey.counter_went_back'
  | 'suspicious.detected';

const HOUR = 3_600_000;

export interface AuditRecord {
  type: AuditEventType;
  /** Id of who did it; undefined when nobody was signed in. */
  actor?: string | undefined;
  /** Id of whom or what it was done to; undefined when that is nobody in particular. */
  subject: string | undefined;
  before?: Prisma.InputJsonValue;
  after?: Prisma.InputJsonValue;
}

/**
 * Writes the audit trail. Call {@link record} inside the transaction of the change it records: then
 * neither is ever there without the other. Ids only; addresses and names stay out of it.
 *
 * Transactions begin IMMEDIATE, so the newest line read in one is still the newest when the next is
 * written, whichever process writes.
 */
@Injectable()
export class Audit {
  readonly #listeners: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  record(record: AuditRecord): Promise<void> {
    return this.recordAll([record]);
  }

  /** {@link record} for many, by one statement. */
  async recordAll(records: readonly AuditRecord[]): Promise<void> {
    if (records.length > 0) await this.#append(records, null);
  }

  /**
   * {@link record}, unless the same was recorded within the hour: for what a stranger can do without
   * end and what says nothing new the second time, so that nobody fills the disk with it.
   */
  recordHourly(record: AuditRecord): Promise<void> {
    return this.#append([record], storedTime(later(this.clock.now(), -HOUR)));
  }

  /** Calls `listener` each time this process has committed lines. */
  onRecorded(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @param unlessSince not when the same was recorded after then; null: in any case */
  #append(records: readonly AuditRecord[], unlessSince: string | null): Promise<void> {
    return this.database.transaction(async () => {
      let newest = await newestLink(this.database);
      const lines = records.map((record) => {
        const line = chained(this.masterKey, this.#line(record, newest.seq + 1), newest);
        newest = { seq: line.seq, hash: line.hash! };
        return line;
      });
      await this.database.execute`
        INSERT INTO "AuditEvent" ("seq", "id", "at", "type", "actor", "subject", "ip", "requestId",
                                  "scheme", "detail", "previousHash", "hash")
        SELECT "value" ->> 'seq', "value" ->> 'id', "value" ->> 'at', "value" ->> 'type',
               "value" ->> 'actor', "value" ->> 'subject', "value" ->> 'ip',
               "value" ->> 'requestId', "value" ->> 'scheme', "value" ->> 'detail',
               unhex("value" ->> 'previousHash'), unhex("value" ->> 'hash')
        FROM json_each(${JSON.stringify(lines)})
        WHERE ${unlessSince} IS NULL OR NOT EXISTS (
          SELECT 1 FROM "AuditEvent" AS "same"
          WHERE "same"."subject" = "value" ->> 'subject' AND "same"."at" > ${unlessSince}
            AND +"same"."type" = "value" ->> 'type' AND +"same"."actor" IS "value" ->> 'actor'
            AND "same"."detail" IS "value" ->> 'detail')`;
      this.database.afterCommit(() => {
        for (const listener of this.#listeners) listener();
      });
    });
  }

  #line(record: AuditRecord, seq: number): AuditLine {
    const now = this.clock.now();
    const request = currentRequest();
    return {
      seq,
      id: uuidv7(now),
      at: storedTime(now),
      type: record.type,
      actor: record.actor ?? null,
      subject: record.subject ?? null,
      ip: currentAddress(),
      requestId: request?.id ?? null,
      scheme: request?.principal?.scheme ?? null,
      detail: detailOf(record),
    };
  }
}

function detailOf({ before, after }: AuditRecord): string | null {
  if (before === undefined && after === undefined) return null;
  return JSON.stringify({
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}
