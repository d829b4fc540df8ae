import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Principal } from '../../common/access/principal.js';
import { nobodyThere } from '../../common/access/person.guard.js';
import { isUuid, uuidv7 } from '../../common/crypto/uuid.js';
import { Problem } from '../../common/errors/problem.js';
import { type ListQuery, type Page, Pagination } from '../../common/http/pagination.js';
import { invalid } from '../../common/http/validation.js';
import { Database } from '../../database/database.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { knownPermissions } from '../../users/permissions.js';
import { RolesService } from '../../users/roles.service.js';
import { UsersService } from '../../users/users.service.js';
import { mayNotSignIn } from '../login/sign-in.policy.js';
import { Notices } from '../notices/notices.js';
import { hashApiKey, newApiKey } from './api-key.js';
import { ApiKeys, MOST_KEYS, type ShownKey } from './api-keys.js';
import type { ApiKeyResponse, CreateApiKey, CreatedApiKey } from './api-keys.dto.js';
import { canonicalNetwork } from './networks.js';

/** Makes, lists and ends API keys, for their owners and for administrators. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly accounts: Accounts,
    private readonly users: UsersService,
    private readonly roles: RolesService,
    private readonly notices: Notices,
    private readonly pagination: Pagination,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * A key of the caller's own.
   *
   * @throws Problem validation_failed; permission_required for a permission the caller lacks;
   *   conflict when they have as many keys as they may
   */
  create(caller: Principal, wanted: CreateApiKey): Promise<CreatedApiKey> {
    return this.#create(caller, caller.userId, wanted, async (account, permissions) => {
      await this.roles.mustHold(caller, permissions);
      await this.notices.apiKeyCreated(account, wanted.name);
    });
  }

  /**
   * A key of a service account. For a person nobody makes one but they themselves: it would speak
   * for them.
   *
   * @throws Problem not_found; conflict when it is no service account; permission_required for a
   *   permission that the account or the caller lacks; otherwise as {@link create}
   */
  async createFor(caller: Principal, userId: string, wanted: CreateApiKey): Promise<CreatedApiKey> {
    const { serviceAccount } = await this.users.get(userId);
    if (!serviceAccount) {
      throw new Problem('conflict', {
        detail: 'This is no service account: people make their keys themselves.',
      });
    }
    return this.#create(caller, userId, wanted, async (account, permissions) => {
      await this.roles.mustHold(caller, [...account.permissions]);
      const lacking = permissions.filter((name) => !account.permissions.has(name));
      if (lacking.length > 0) {
        throw new Problem('permission_required', {
          detail: `The account does not have the permission ${lacking.join(' and ')}.`,
        });
      }
    });
  }

  list(userId: string, query: ListQuery): Promise<Page<ApiKeyResponse>> {
    return this.pagination
      .page(query, {
        list: `api-keys/${userId}`,
        rows: (after, take) => this.apiKeys.list(userId, after, take),
        keyOf: (key) => key.id,
        total: () => this.apiKeys.count(userId),
      })
      .then((page) => ({ ...page, items: page.items.map(toResponse) }));
  }

  /** @throws Problem not_found */
  async listOf(userId: string, query: ListQuery): Promise<Page<ApiKeyResponse>> {
    await this.users.get(userId);
    return this.list(userId, query);
  }

  /**
   * Ends one of the caller's own keys. A key may end itself, and none but itself.
   *
   * @throws Problem not_found, also for another's key
   */
  async end(caller: Principal, id: string): Promise<void> {
    if (caller.apiKeyId !== undefined && caller.apiKeyId !== id) throw nobodyThere();
    const { userId } = caller;
    const ended = isUuid(id) && (await this.apiKeys.end(userId, id, 'ended_by_user', userId));
    if (!ended) throw new Problem('not_found');
  }

  /**
   * Ends somebody's key.
   *
   * @throws Problem not_found; permission_required when the account holds a permission the caller
   *   lacks
   */
  async endOf(caller: Principal, userId: string, id: string): Promise<void> {
    await this.database.transaction(async () => {
      const { permissions } = await this.users.get(userId);
      await this.roles.mustHold(caller, [...permissions]);
      const ended =
        isUuid(id) && (await this.apiKeys.end(userId, id, 'ended_by_administrator', caller.userId));
      if (!ended) throw new Problem('not_found');
    });
  }

  /** @param allow refuses, and tells of it, in the transaction that makes the key */
  async #create(
    caller: Principal,
    userId: string,
    { name, permissions: named = [], networks = [], expiresAt }: CreateApiKey,
    allow: (account: Account, permissions: readonly string[]) => Promise<void>,
  ): Promise<CreatedApiKey> {
    const now = this.clock.now();
    const permissions = knownPermissions(named);
    const id = uuidv7(now);
    const key = newApiKey(id);
    const row = {
      id,
      userId,
      name,
      permissions,
      networks: [...new Set(networks.map((network) => canonicalNetwork(network)!))],
      createdAt: now,
      createdBy: caller.userId,
      expiresAt: expiryOf(expiresAt, now),
    };
    await this.database.transaction(async () => {
      const account = await this.accounts.fresh(userId);
      const refusal = account ? mayNotSignIn(account) : 'not_found';
      if (!account || refusal) throw new Problem(refusal!);
      await allow(account, permissions);
      if (!(await this.apiKeys.add(row, hashApiKey(key)))) throw tooMany();
    });
    return { ...toResponse({ ...row, lastUsedAt: null, lastUsedIp: null }), key };
  }
}

/** @throws Problem validation_failed when it is no time, or past */
function expiryOf(text: string | null | undefined, now: Date): Date | null {
  if (text === null || text === undefined) return null;
  const at = new Date(text);
  if (at > now) return at;
  const code = Number.isNaN(at.getTime()) ? 'invalid_format' : 'in_the_past';
  throw invalid([{ pointer: '/expiresAt', code, detail: 'expiresAt must be a time to come.' }]);
}

function tooMany(): Problem {
  return new Problem('conflict', {
    detail: `There are ${MOST_KEYS} keys already: end one that is not needed any more.`,
  });
}

/** The only way a key leaves the server, but for the one time it is made. */
function toResponse(
  key: Omit<ShownKey, 'userId' | 'createdBy' | 'endedAt' | 'endReason'>,
): ApiKeyResponse {
  return {
    id: key.id,
    name: key.name,
    permissions: key.permissions,
    networks: key.networks,
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    lastUsedIp: key.lastUsedIp,
  };
}
