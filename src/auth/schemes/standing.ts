import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Principal, Scheme } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { mayNotSignIn } from '../login/sign-in.policy.js';
import { Sessions, type Standing } from '../sessions/sessions.js';
import type { AccessTokenClaims } from '../tokens/access-tokens.js';

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
  ) {}

  /** @throws Problem token_revoked */
  async ofToken(claims: AccessTokenClaims): Promise<Principal> {
    const session = await this.#session(claims.sid, claims.sub);
    if (!session) throw new Problem('token_revoked');
    const account = this.accounts.peek(claims.sub) ?? (await this.accounts.find(claims.sub));
    if (!account || mayNotSignIn(account)) throw new Problem('token_revoked');
    return {
      ...principalOf(account, 'Bearer', session.id, session.authTime),
      expiresAt: new Date(claims.exp * 1000),
    };
  }

  /** @throws Problem account_disabled or email_not_verified */
  ofPassword(account: Account): Principal {
    const refusal = mayNotSignIn(account);
    if (refusal) throw new Problem(refusal);
    return principalOf(account, 'Basic', undefined, this.clock.now());
  }

  /**
   * Whether who was let in would be let in again, with this permission: asked time and again by
   * answers that last, which must not outlive the sign-in they were begun with.
   */
  async stillHolds(principal: Principal, permission: string): Promise<boolean> {
    const { userId, sessionId, authTime, expiresAt } = principal;
    if (expiresAt !== undefined && expiresAt <= this.clock.now()) return false;
    if (sessionId !== undefined && !(await this.#session(sessionId, userId))) return false;

    const account = this.accounts.peek(userId) ?? (await this.accounts.find(userId));
    if (!account || mayNotSignIn(account)) return false;
    const proved = sessionId === undefined ? authTime : undefined;
    if (proved && account.passwordChangedAt && account.passwordChangedAt > proved) return false;
    return account.permissions.has(permission);
  }

  async #session(id: string, userId: string): Promise<Standing | undefined> {
    const session = this.sessions.peek(id) ?? (await this.sessions.standing(id));
    if (!session || session.userId !== userId || session.endedAt !== null) return undefined;
    return session.expiresAt > this.clock.now() ? session : undefined;
  }
}

function principalOf(
  account: Account,
  scheme: Scheme,
  sessionId: string | undefined,
  authTime: Date,
): Principal {
  return {
    userId: account.id,
    scheme,
    sessionId,
    authTime,
    roles: account.roles,
    permissions: account.permissions,
  };
}
