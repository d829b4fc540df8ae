import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../clock.js';
import { Problem } from '../../common/errors/problem.js';
import { currentNetwork, currentWait } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import type { Session } from '../../generated/prisma/client.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { mayNotSignIn } from '../login/sign-in.policy.js';
import { Notices } from '../notices/notices.js';
import { RefreshTokens } from '../tokens/refresh-tokens.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import type { TokenChoice } from '../tokens/token-choice.dto.js';
import { type TokenGrant, TokenGrants } from '../tokens/token-grants.js';
import { refreshVerdict } from './refresh.policy.js';
import { Sessions, type Standing } from './sessions.js';
import { TokenIssuer } from './token-issuer.js';

/** Refresh tokens in, the next ones out; reuse ends the family (RFC 9700 section 4.14.2). */
@Injectable()
export class RefreshService {
  constructor(
    private readonly refreshTokens: RefreshTokens,
    private readonly sessions: Sessions,
    private readonly accounts: Accounts,
    private readonly grants: TokenGrants,
    private readonly issuer: TokenIssuer,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * @throws Problem refresh_token_invalid (forged or malformed; harms nobody), refresh_token_expired,
   *   session_ended, or refresh_token_reused, which ends the session; validation_failed when the
   *   choice cannot be had, which spends nothing
   */
  async refresh(token: string, choice?: TokenChoice): Promise<Required<TokenResponse>> {
    const { session, generation } = await this.#genuine(token);
    const account = await this.accounts.find(session.userId);
    if (!account || mayNotSignIn(account)) throw new Problem('session_ended');
    const grant = await this.grants.of(account, choice);

    if (await this.sessions.rotate(session, generation)) {
      const idleExpiresAt = this.sessions.idleExpiry(session, this.clock.now());
      return this.issuer.issue(account, session, generation + 1, idleExpiresAt, grant);
    }
    return this.#notRotated(account, session, generation, grant);
  }

  /** The session a genuine token belongs to; for logout. */
  async sessionOf(token: string): Promise<Standing> {
    return (await this.#genuine(token)).session;
  }

  async #genuine(token: string): Promise<{ session: Standing; generation: number }> {
    const claim = this.refreshTokens.parse(token);
    if (!claim) throw new Problem('refresh_token_invalid');
    const session = await this.sessions.standing(claim.sessionId);
    if (!session || !this.refreshTokens.isGenuine(claim, session.salt)) {
      throw new Problem('refresh_token_invalid');
    }
    return { session, generation: claim.generation };
  }

  async #notRotated(
    account: Account,
    session: Standing,
    generation: number,
    grant: TokenGrant,
  ): Promise<Required<TokenResponse>> {
    const row = await this.sessions.find(session.id);
    if (!row) throw new Problem('session_ended');
    const { refreshGrace } = this.config;
    switch (refreshVerdict(row, generation, this.clock.now(), refreshGrace, currentWait())) {
      case 'same-successor':
        return this.issuer.issue(account, session, generation + 1, row.idleExpiresAt, grant);
      case 'reused':
        await this.#endFamily(account, row);
        throw new Problem('refresh_token_reused');
      case 'expired':
        throw new Problem('refresh_token_expired');
      case 'ended':
        this.events.emit('ended-session.used', {
          userId: account.id,
          sessionId: session.id,
          network: currentNetwork(),
        });
        throw new Problem(
          row.endReason === 'refresh_reused' ? 'refresh_token_reused' : 'session_ended',
        );
      case 'unknown-generation':
        throw new Problem('refresh_token_invalid');
    }
  }

  /** Nobody knows whether the thief or the owner came second, so both have to sign in again. */
  async #endFamily(account: Account, session: Session): Promise<void> {
    await this.database.transaction(async () => {
      if (!(await this.sessions.end(session, 'refresh_reused', undefined))) return;
      await this.audit.record({
        type: 'refresh.reused',
        subject: account.id,
        after: { session: session.id },
      });
      await this.notices.sessionReused(account, session);
      const network = currentNetwork();
      this.database.afterCommit(() =>
        this.events.emit('refresh.reused', { userId: account.id, sessionId: session.id, network }),
      );
    });
  }
}
