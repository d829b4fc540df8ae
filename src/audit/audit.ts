import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { currentAddress, currentRequest } from '../common/http/request-context.js';
import { Database } from '../database/database.js';
import type { Prisma } from '../generated/prisma/client.js';

/** Dotted names, stable; new ones are added. */
export type AuditEventType =
  | 'user.registered'
  | 'registration.repeated'
  | 'user.verified'
  | 'user.invited'
  | 'user.updated'
  | 'user.disabled'
  | 'user.enabled'
  | 'user.deleted'
  | 'administrator.created'
  | 'login.succeeded'
  | 'refresh.reused'
  | 'session.ended'
  | 'password.changed'
  | 'roles.changed'
  | 'role.created'
  | 'role.changed'
  | 'role.deleted';

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

  async record(record: AuditRecord): Promise<void> {
    const now = this.clock.now();
    const request = currentRequest();
    const detail: Prisma.InputJsonObject = {
      ...(record.before === undefined ? {} : { before: record.before }),
      ...(record.after === undefined ? {} : { after: record.after }),
    };
    await this.database.client.auditEvent.create({
      data: {
        id: uuidv7(now),
        at: now,
        type: record.type,
        actor: record.actor ?? null,
        subject: record.subject,
        ip: currentAddress(),
        requestId: request?.id ?? null,
        scheme: request?.principal?.scheme ?? null,
        ...(Object.keys(detail).length > 0 ? { detail } : {}),
      },
    });
  }
}
