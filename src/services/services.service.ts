import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock } from '../clock.js';
import type { CallingService, Principal } from '../common/access/principal.js';
import { hashSecretToken, newSecretToken } from '../common/crypto/secret-token.js';
import { isUuid, uuidv7 } from '../common/crypto/uuid.js';
import { Problem } from '../common/errors/problem.js';
import { type ListQuery, type Page, Pagination } from '../common/http/pagination.js';
import { Database } from '../database/database.js';
import type { RegisteredServiceResponse, RegisterService, ServiceResponse } from './service.dto.js';

const SECRET_PREFIX = 'lk_svc_';
const SECRET = new RegExp(`^${SECRET_PREFIX}[A-Za-z0-9_-]{43}$`);

/** Owner of the table Service: who may ask about tokens, and whom tokens may be made for. */
@Injectable()
export class Services {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly pagination: Pagination,
    private readonly clock: Clock,
  ) {}

  /** Oldest first. */
  list(query: ListQuery): Promise<Page<ServiceResponse>> {
    return this.pagination.page(query, {
      list: 'services',
      rows: (after, take) =>
        this.database.query<ServiceResponse>`
          SELECT "id", "name", "audience", "createdAt" FROM "Service"
          WHERE "id" > ${after ?? ''} ORDER BY "id" LIMIT ${take}`,
      keyOf: (service) => service.id,
      total: () => this.database.client.service.count(),
    });
  }

  /** @throws Problem conflict when another service has the audience */
  async register(
    caller: Principal,
    { name, audience }: RegisterService,
  ): Promise<RegisteredServiceResponse> {
    const createdAt = this.clock.now();
    const id = uuidv7(createdAt);
    const secret = newSecretToken(SECRET_PREFIX);
    const secretHash = hashSecretToken(secret);
    await this.database.transaction(async () => {
      const made = await this.database.execute`
        INSERT INTO "Service" ("id", "name", "audience", "secretHash", "createdAt", "createdBy")
        VALUES (${id}, ${name}, ${audience}, ${secretHash}, ${createdAt}, ${caller.userId})
        ON CONFLICT ("audience") DO NOTHING`;
      if (made === 0) {
        throw new Problem('conflict', { detail: 'Another service has this audience.' });
      }
      await this.audit.record({
        type: 'service.registered',
        actor: caller.userId,
        subject: id,
        after: { name, audience },
      });
    });
    return { id, name, audience, createdAt, secret };
  }

  /**
   * Its secret dies, and no token is made for its audience any more.
   *
   * @throws Problem not_found
   */
  async remove(caller: Principal, id: string): Promise<void> {
    await this.database.transaction(async () => {
      const [removed] = isUuid(id)
        ? await this.database.query<CallingService>`
            DELETE FROM "Service" WHERE "id" = ${id} RETURNING "id", "name", "audience"`
        : [];
      if (!removed) throw new Problem('not_found');
      await this.audit.record({
        type: 'service.removed',
        actor: caller.userId,
        subject: id,
        before: { name: removed.name, audience: removed.audience },
      });
    });
  }

  /**
   * The service that has both. It is found by the hash of its secret, so that nothing can be told by
   * the time a comparison takes.
   */
  async authenticate(id: string, secret: string): Promise<CallingService | undefined> {
    if (!SECRET.test(secret)) return undefined;
    const [service] = await this.database.query<CallingService>`
      SELECT "id", "name", "audience" FROM "Service"
      WHERE "secretHash" = ${hashSecretToken(secret)} AND "id" = ${id}`;
    return service;
  }

  async hasAudience(audience: string): Promise<boolean> {
    const rows = await this.database.query`
      SELECT 1 FROM "Service" WHERE "audience" = ${audience}`;
    return rows.length > 0;
  }
}
