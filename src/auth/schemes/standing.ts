import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Principal, Scheme } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { Config } from '../../config/config.js';
import { currentNetwork } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { ApiKeyCheck } from '../api-keys/api-key-check.js';
import { mayNotSignIn, needsSecondFactor, owesFactor } from '../login/sign-in.policy.js';
import { Sessions, type Standing } from '../sessions/sessions.js';
import type { VerifiedClaims } from '../tokens/access-tokens.js';

/**
 * Whether what a credential says still holds, asked at every request: an ended session, a
 * disabled account or a changed role counts at once. Warm, this touches memory only.
 */
@Injectable()
export class StandingCheck {
  constructor(
    private readonly sessions: Sessions,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly events: SecurityEvents,
    private readonly config: Config,
    private readonly apiKeys: ApiKeyCheck,
  ) {}

  /** @throws Problem token_revoked */
  async ofToken(claims: VerifiedClaims): Promise<Principal> {
    const { session, principal } = await this.#look(claims);
    if (principal) return principal;
    if (session && session.endedAt !== null) {
      const { userId, id: sessionId } = session;
      this.events.emit('ended-session.used', { userId, sessionId, network: currentNetwork() });
    }
    throw new Problem('token_revoked');
  }

  /**
   * {@link ofToken} for somebody else who asks; undefined when it does not stand, or stands for
   * nothing yet but adding a second factor here.
   */
  async ofShownToken(claims: VerifiedClaims): Promise<Principal | undefined> {
    const { principal } = await this.#look(claims);
    return principal?.mustEnrol ? undefined : principal;
  }

  /** {@link ofToken} by memory alone; undefined when it does not stand, or memory cannot tell. */
  ofKnownToken(claims: VerifiedClaims): Principal | undefined {
    return this.#judge(claims, this.sessions.peek(claims.sid), this.accounts.peek(claims.sub));
  }

  async #look(claims: VerifiedClaims) {
    const session = this.sessions.peek(claims.sid) ?? (await this.sessions.standing(claims.sid));
    const account = this.accounts.peek(claims.sub) ?? (await this.accounts.find(claims.sub));
    return { session, principal: this.#judge(claims, session, account) };
  }

  #judge(
    claims: VerifiedClaims,
    session: Standing | undefined,
    account: Account | undefined,
  ): Principal | undefined {
    if (!this.#stands(session, claims.sub)) return undefined;
    if (!account || mayNotSignIn(account)) return undefined;
    const { exp, narrowedTo } = claims;
    const { id, authTime } = session;
    const principal = this.#principalOf(account, 'Bearer', id, authTime, new Date(exp * 1000));
    return narrowedTo ? narrowed(principal, narrowedTo) : principal;
  }

  /** Of the session behind a browser's cookie; undefined when its account may not sign in. */
  async ofCookie({ id, userId, authTime }: Standing): Promise<Principal | undefined> {
    const account = this.accounts.peek(userId) ?? (await this.accounts.find(userId));
    if (!account || mayNotSignIn(account)) return undefined;
    return this.#principalOf(account, 'Cookie', id, authTime);
  }

  /**
   * Of a password sent with the request, which is one factor and cannot be followed by another.
   *
   * @throws Problem account_disabled, email_not_verified or mfa_required
   */
  ofPassword(account: Account): Principal {
    const refusal = mayNotSignIn(account);
    if (refusal) throw new Problem(refusal);
    if (needsSecondFactor(account, ['pwd'])) throw noAppPassword();
    return this.#principalOf(account, 'Basic', undefined, this.clock.now());
  }

  /**
   * Whether who was let in would be let in again, with this permission: asked time and again by
   * answers that last, which must not outlive the sign-in they were begun with.
   */
  async stillHolds(principal: Principal, permission: string): Promise<boolean> {
    const { userId, scheme, sessionId, apiKeyId, authTime, expiresAt } = principal;
    if (apiKeyId !== undefined) return this.apiKeys.stillHolds(apiKeyId, permission);
    if (expiresAt !== undefined && expiresAt <= this.clock.now()) return false;
    if (sessionId !== undefined) {
      const session = this.sessions.peek(sessionId) ?? (await this.sessions.standing(sessionId));
      if (!this.#stands(session, userId)) return false;
    }

    const account = this.accounts.peek(userId) ?? (await this.accounts.find(userId));
    if (!account || mayNotSignIn(account)) return false;
    if (this.#mustEnrol(account) && scheme !== 'ApiKey') return false;
    if (scheme === 'Basic' && needsSecondFactor(account, ['pwd'])) return false;
    const proved = sessionId === undefined ? authTime : undefined;
    if (proved && account.passwordChangedAt && account.passwordChangedAt > proved) return false;
    return principal.permissions.has(permission) && account.permissions.has(permission);
  }

  #stands(session: Standing | undefined, userId: string): session is Standing {
    if (!session || session.userId !== userId || session.endedAt !== null) return false;
    return session.expiresAt > this.clock.now();
  }

  #principalOf(
    account: Account,
    scheme: Scheme,
    sessionId: string | undefined,
    authTime: Date,
    expiresAt?: Date,
  ): Principal {
    return {
      userId: account.id,
      scheme,
      sessionId,
      authTime,
      expiresAt,
      mustEnrol: this.#mustEnrol(account),
      roles: account.roles,
      permissions: account.permissions,
    };
  }

  #mustEnrol(account: Account): boolean {
    return owesFactor(account, this.config.mfaRequiredRoles);
  }
}

function noAppPassword(): Problem {
  return new Problem('mfa_required', {
    detail:
      'The password alone does not open this account. Sign in at POST /auth/login, or send an API key in the place of the password.',
  });
}

/** With no more permissions than these, and no role, which would stand for all it grants. */
function narrowed(principal: Principal, scope: ReadonlySet<string>): Principal {
  const permissions = new Set([...scope].filter((name) => principal.permissions.has(name)));
  return { ...principal, narrowed: true, roles: [], permissions };
}
