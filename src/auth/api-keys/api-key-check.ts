import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Principal } from '../../common/access/principal.js';
import { sameBytes } from '../../common/crypto/secret-token.js';
import { canonicalEmail } from '../../common/email-address.js';
import type { Code } from '../../common/errors/codes.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { currentAddress, currentNetwork } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { mayNotSignIn } from '../login/sign-in.policy.js';
import { apiKeyId, hashApiKey, idIn } from './api-key.js';
import { ApiKeyLimit } from './api-key-limit.js';
import { ApiKeyUses } from './api-key-uses.js';
import { ApiKeys, type CheckedKey } from './api-keys.js';

interface KeyOfAccount {
  key: CheckedKey;
  account: Account;
}

/** What a key may do for an account as it is; made anew once either is another. */
interface KeptPrincipal {
  account: Account;
  principal: Principal;
}

/**
 * A presented API key -> whom it speaks for, and with which of their permissions, as they stand at
 * this request. Warm, it costs one SHA-256 and touches memory only; what is remembered is the hash,
 * never the key.
 */
@Injectable()
export class ApiKeyCheck {
  readonly #principals = new WeakMap<CheckedKey, KeptPrincipal>();

  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly accounts: Accounts,
    private readonly uses: ApiKeyUses,
    private readonly limit: ApiKeyLimit,
    private readonly guesses: GuessLimits,
    private readonly events: SecurityEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * @param userId sent along by Basic: it must be the address of the key's owner
   * @throws Problem invalid_credentials, account_disabled, email_not_verified,
   *   network_not_allowed or rate_limited
   */
  async check(presented: string, userId?: string): Promise<Principal> {
    const found = await this.guesses.attemptUnguessable(() => this.#find(presented, userId));
    const refusal = this.#refusal(found);
    if (refusal === undefined) return this.#admit(found);
    if (refusal === 'invalid_credentials') {
      const { id: apiKeyId, userId: owner } = found.key;
      this.events.emit('ended-api-key.used', {
        userId: owner,
        apiKeyId,
        network: currentNetwork(),
      });
    }
    throw new Problem(refusal);
  }

  /**
   * {@link check} by memory alone; undefined when the key is to be refused, or memory cannot tell.
   *
   * @throws Problem rate_limited
   */
  known(presented: string, userId?: string): Principal | undefined {
    const key = this.apiKeys.peek(idIn(presented));
    const account = key && this.accounts.peek(key.userId);
    if (!account || !this.#isRight(presented, userId, { key, account })) return undefined;
    return this.#refusal({ key, account }) === undefined
      ? this.#admit({ key, account })
      : undefined;
  }

  /**
   * Whom a key speaks for that a service was shown; undefined when it is worth nothing there. So is
   * one that is bound to networks: what network it came from only the service knows.
   */
  async ofShownKey(presented: string): Promise<Principal | undefined> {
    const found = await this.#look(presented, undefined);
    if (!found) return undefined;
    const { key, account } = found;
    if (!this.#stands(key) || key.networks || mayNotSignIn(account)) return undefined;
    return principalOf(key, account);
  }

  /** Whether the key would be let in again, with this permission; for answers that last. */
  async stillHolds(keyId: string, permission: string): Promise<boolean> {
    const key = this.apiKeys.peek(keyId) ?? (await this.apiKeys.find(keyId));
    if (!key || !this.#stands(key) || !key.permissions.has(permission)) return false;
    const account = this.accounts.peek(key.userId) ?? (await this.accounts.find(key.userId));
    return account !== undefined && !mayNotSignIn(account) && account.permissions.has(permission);
  }

  async #find(presented: string, userId: string | undefined): Promise<KeyOfAccount> {
    const found = await this.#look(presented, userId);
    if (found) return found;
    throw new Problem('invalid_credentials');
  }

  /** A mistyped key is refused before anything is looked up. */
  async #look(presented: string, userId: string | undefined): Promise<KeyOfAccount | undefined> {
    const id = apiKeyId(presented);
    const key = id === undefined ? undefined : await this.apiKeys.find(id);
    const account = key && (await this.accounts.find(key.userId));
    if (!account || !this.#isRight(presented, userId, { key, account })) return undefined;
    return { key, account };
  }

  #isRight(presented: string, userId: string | undefined, { key, account }: KeyOfAccount): boolean {
    if (!sameBytes(hashApiKey(presented), key.keyHash)) return false;
    return userId === undefined || canonicalEmail(userId) === canonicalEmail(account.email);
  }

  /** Why a right key is not let in. What network it may come from only its owner is told. */
  #refusal({
    key,
    account,
  }: KeyOfAccount):
    | Extract<
        Code,
        'invalid_credentials' | 'account_disabled' | 'email_not_verified' | 'network_not_allowed'
      >
    | undefined {
    if (!this.#stands(key)) return 'invalid_credentials';
    const refusal = mayNotSignIn(account);
    if (refusal) return refusal;
    if (key.networks?.include(currentAddress()) === false) return 'network_not_allowed';
    return undefined;
  }

  #stands({ endedAt, expiresAt }: CheckedKey): boolean {
    return endedAt === null && (expiresAt === null || expiresAt > this.clock.now());
  }

  #admit({ key, account }: KeyOfAccount): Principal {
    this.limit.count(key.id);
    this.uses.used(key.id, currentAddress());
    const kept = this.#principals.get(key);
    if (kept?.account === account) return kept.principal;
    const principal = principalOf(key, account);
    this.#principals.set(key, { account, principal });
    return principal;
  }
}

/**
 * Never more than the owner has at this moment. The roles go with a key that holds nothing of what
 * they grant back; a narrower one has none, because a role is more than it was given.
 */
function principalOf(key: CheckedKey, account: Account): Principal {
  const permissions = new Set([...account.permissions].filter((name) => key.permissions.has(name)));
  return {
    userId: account.id,
    scheme: 'ApiKey',
    sessionId: undefined,
    authTime: undefined,
    apiKeyId: key.id,
    expiresAt: key.expiresAt ?? undefined,
    roles: permissions.size === account.permissions.size ? account.roles : [],
    permissions,
  };
}
