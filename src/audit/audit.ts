import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { currentAddress, currentRequest } from '../common/http/request-context.js';
import { Database } from '../database/database.js';
import type { AuditEvent, Prisma } from '../generated/prisma/client.js';

/** Dotted names, stable; new ones are added. */
export type AuditEventType =
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
  | 'login.failed_burst'
  | 'limits.lifted'
  | 'refresh.reused'
  | 'session.ended'
  | 'password.changed'
  | 'password.reset_started'
  | 'email.change_requested'
  | 'email.change_cancelled'
  | 'email.changed'
  | 'invitation.repeated'
  | 'account.reclaimed'
  | 'roles.changed'
  | 'role.created'
  | 'role.changed'
  | 'role.deleted';

/** How many lines are read at once. */
const PIECE = 500;

export interface AuditRecord {
  type: AuditEventType;
  /** Id of who did it; undefined when nobody was signed in. */
  actor?: string | undefined;
  /** Id of whom or what it was done to. */
  subject: string;
  before?: Prisma.InputJsonValue;
  after?: Prisma.InputJsonValue;
}

/**
 * Owner of the audit trail. Call {@link record} inside the transaction of the change it records:
 * then neither is ever there without the other. Ids only; addresses and names stay out of it.
 */
@Injectable()
export class Audit {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** What happened to an account, and what it did to others, oldest first. */
  async about(userId: string): Promise<AuditEvent[]> {
    const lines = [
      ...(await this.#all({ subject: userId })),
      ...(await this.#all({ actor: userId, NOT: { subject: userId } })),
    ];
    return lines.sort((a, b) => a.seq - b.seq);
  }

  /** In pieces, so that a long trail stops nobody else from being answered. */
  async #all(where: Prisma.AuditEventWhereInput): Promise<AuditEvent[]> {
    const lines: AuditEvent[] = [];
    for (;;) {
      const piece = await this.database.client.auditEvent.findMany({
        where: { ...where, seq: { gt: lines.at(-1)?.seq ?? 0 } },
        orderBy: { seq: 'asc' },
        take: PIECE,
      });
      lines.push(...piece);
      if (piece.length < PIECE) return lines;
    }
  }

  async record(record: AuditRecord): Promise<void> {
    await this.database.client.auditEvent.create({ data: this.#line(record) });
  }

  /** {@link record} for many, by one statement. */
  async recordAll(records: readonly AuditRecord[]): Promise<void> {
    await this.database.client.auditEvent.createMany({
      data: records.map((record) => this.#line(record)),
    });
  }

  #line(record: AuditRecord): Prisma.AuditEventCreateManyInput {
    const now = this.clock.now();
    const request = currentRequest();
    const detail: Prisma.InputJsonObject = {
      ...(record.before === undefined ? {} : { before: record.before }),
      ...(record.after === undefined ? {} : { after: record.after }),
    };
    return {
      id: uuidv7(now),
      at: now,
      type: record.type,
      actor: record.actor ?? null,
      subject: record.subject,
      ip: currentAddress(),
      requestId: request?.id ?? null,
      scheme: request?.principal?.scheme ?? null,
      ...(Object.keys(detail).length > 0 ? { detail } : {}),
    };
  }
}
