import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/access/principal.js';
import { isUuid } from '../../common/crypto/uuid.js';
import { Problem } from '../../common/errors/problem.js';
import { type ListQuery, type Page, Pagination } from '../../common/http/pagination.js';
import { Database } from '../../database/database.js';
import { Enrolments } from '../second-factor/enrolments.js';
import { toPasskeyResponse } from './passkey-response.js';
import { Passkeys } from './passkeys.js';
import type { PasskeyResponse } from './passkeys.dto.js';

/** What people do with the passkeys they have. */
@Injectable()
export class OwnPasskeysService {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly enrolments: Enrolments,
    private readonly pagination: Pagination,
    private readonly database: Database,
  ) {}

  async list({ userId }: Principal, query: ListQuery): Promise<Page<PasskeyResponse>> {
    const kept = await this.passkeys.of(userId);
    const page = await this.pagination.page(query, {
      list: `passkeys/${userId}`,
      rows: (after = '', take) => kept.filter(({ id }) => id > after).slice(0, take),
      keyOf: ({ id }) => id,
      total: () => kept.length,
    });
    return { ...page, items: page.items.map(toPasskeyResponse) };
  }

  /** @throws Problem not_found, also for another's passkey */
  async rename({ userId }: Principal, id: string, name: string): Promise<PasskeyResponse> {
    const renamed = isUuid(id) ? await this.passkeys.rename(userId, id, name) : undefined;
    if (!renamed) throw new Problem('not_found');
    return toPasskeyResponse(renamed);
  }

  /** @throws Problem not_found, also for another's passkey */
  async remove({ userId }: Principal, id: string): Promise<void> {
    if (!isUuid(id)) throw new Problem('not_found');
    await this.database.transaction(async () => {
      const removed = await this.passkeys.remove(userId, id);
      if (!removed) throw new Problem('not_found');
      await this.enrolments.factorRemoved(userId, { kind: 'passkey', name: removed.name });
    });
  }
}
