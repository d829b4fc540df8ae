import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { isUuid } from '../common/crypto/uuid.js';
import { Problem } from '../common/errors/problem.js';
import { type Page, Pagination } from '../common/http/pagination.js';
import { Database } from '../database/database.js';
import type { AccountFilter } from './account-filter.js';
import { type Account, Accounts } from './accounts.js';
import { canonicalLocale } from './locale.js';
import { type ListUsersQuery, toUserResponse } from './user.dto.js';

/** Fields of an account that are about the person. A field left out stays; null takes it away. */
interface Profile {
  name?: string | null;
  locale?: string | null;
}

/** Reads accounts, and changes what they say about the person. */
@Injectable()
export class UsersService {
  /** An account in memory is never changed but replaced, so its JSON lives as long as it does. */
  readonly #json = new WeakMap<Account, string>();

  constructor(
    private readonly accounts: Accounts,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly pagination: Pagination,
  ) {}

  /** @throws Problem not_found, the same for an id that cannot be one */
  async get(id: string): Promise<Account> {
    const account = isUuid(id) ? await this.accounts.find(id) : undefined;
    if (!account) throw new Problem('not_found');
    return account;
  }

  /**
   * The account as JSON, made once for as long as it does not change.
   *
   * @throws Problem not_found
   */
  serialized(id: string): string | Promise<string> {
    const account = this.accounts.peek(id);
    return account
      ? this.#serialize(account)
      : this.get(id).then((found) => this.#serialize(found));
  }

  #serialize(account: Account): string {
    let json = this.#json.get(account);
    if (json === undefined) {
      json = JSON.stringify(toUserResponse(account));
      this.#json.set(account, json);
    }
    return json;
  }

  list({ q, role, status, ...query }: ListUsersQuery): Promise<Page<Account>> {
    const filter: AccountFilter = {
      ...(q === undefined ? {} : { q }),
      ...(role === undefined ? {} : { role }),
      ...(status === undefined ? {} : { status }),
    };
    return this.pagination.page(query, {
      list: `users ${JSON.stringify(filter)}`,
      rows: (after, take) => this.accounts.list(filter, after, take),
      keyOf: (account) => account.id,
      total: () => this.accounts.count(filter),
    });
  }

  /**
   * Changes the profile of account `id` in the name of account `actor`.
   *
   * @throws Problem not_found
   */
  async updateProfile(actor: string, id: string, profile: Profile): Promise<Account> {
    return this.database.transaction(async () => {
      const account = isUuid(id) ? await this.accounts.fresh(id) : undefined;
      if (!account) throw new Problem('not_found');
      const changes = {
        ...(profile.name === undefined ? {} : { name: profile.name || null }),
        ...(profile.locale === undefined ? {} : { locale: stored(profile.locale) }),
      };
      const changed = (Object.keys(changes) as (keyof Profile)[]).filter(
        (field) => changes[field] !== account[field],
      );
      if (changed.length === 0) return account;

      await this.accounts.update(id, changes);
      // Which fields, not what they say: the audit trail outlives the account.
      const update = { type: 'user.updated', actor, subject: id, after: { changed } } as const;
      if (actor === id) await this.audit.recordHourly(update);
      else await this.audit.record(update);
      return (await this.accounts.fresh(id))!;
    });
  }
}

function stored(locale: string | null): string | null {
  return locale === null ? null : (canonicalLocale(locale) ?? null);
}
