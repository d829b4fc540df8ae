import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Principal, Scheme } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { currentNetwork } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { mayNotSignIn } from '../login/sign-in.policy.js';
import { Sessions } from '../sessions/sessions.js';
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
    private readonly events: SecurityEvents,
  ) {}

  /** @throws Problem token_revoked */
  async ofToken(claims: AccessTokenClaims): Promise<Principal> {
    const session = this.sessions.peek(claims.sid) ?? (await this.sessions.standing(claims.sid));
    if (
      !session ||
      session.userId !== claims.sub ||
      session.endedAt !== null ||
      session.expiresAt <= this.clock.now()
    ) {
      if (session && session.endedAt !== null) {
        const { userId, id: sessionId } = session;
        this.events.emit('ended-session.used', { userId, sessionId, network: currentNetwork() });
      }
      throw new Problem('token_revoked');
    }
    const account = this.accounts.peek(claims.sub) ?? (await this.accounts.find(claims.sub));
    if (!account || mayNotSignIn(account)) throw new Problem('token_revoked');
    return principalOf(account, 'Bearer', session.id, session.authTime);
  }

  /** @throws Problem account_disabled or email_not_verified */
  ofPassword(account: Account): Principal {
    const refusal = mayNotSignIn(account);
    if (refusal) throw new Problem(refusal);
    return principalOf(account, 'Basic', undefined, this.clock.now());
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
