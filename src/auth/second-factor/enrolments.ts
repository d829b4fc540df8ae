import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Problem } from '../../common/errors/problem.js';
import { currentRequest } from '../../common/http/request-context.js';
import { Database } from '../../database/database.js';
import { Accounts } from '../../users/accounts.js';
import { Notices } from '../notices/notices.js';
import { Sessions } from '../sessions/sessions.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactors } from './second-factors.js';

/** A factor that was added or removed. */
export interface Factor {
  readonly kind: 'totp' | 'passkey';
  /** What its owner calls it. */
  readonly name?: string;
}

/**
 * What follows when an account gets a second factor or loses one, whatever kind it is. Call each
 * inside the transaction that adds or removes it, after the write.
 *
 * Every other session ends, and so does every sign-in that has come half way: a thief's session
 * must not outlive the factor that keeps the thief out (ASVS 7.4.3). The present one goes on.
 */
@Injectable()
export class Enrolments {
  constructor(
    private readonly accounts: Accounts,
    private readonly secondFactors: SecondFactors,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly sessions: Sessions,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /**
   * Gives the recovery codes, to be shown this once, when it is the account's first factor.
   *
   * @throws Problem token_revoked when whoever adds it was signed out or disabled meanwhile
   */
  factorAdded(userId: string, factor: Factor): Promise<string[] | undefined> {
    return this.database.transaction(async () => {
      const before = await this.accounts.fresh(userId);
      if (before?.status !== 'active' || !(await this.#stillSignedIn())) {
        throw new Problem('token_revoked');
      }
      await this.#changed(userId, true);
      await this.audit.record({
        type: 'mfa.enrolled',
        actor: currentRequest()?.principal?.userId,
        subject: userId,
        after: { factor: factor.kind },
      });
      await this.notices.secondFactorAdded(before, factor.kind);
      const isFirst = before.secondFactorSince === null;
      return isFirst ? this.recoveryCodes.renew(userId) : undefined;
    });
  }

  /** With the last factor the recovery codes go: there is nothing left that they stand in for. */
  factorRemoved(userId: string, factor: Factor): Promise<void> {
    return this.database.transaction(async () => {
      const account = await this.accounts.fresh(userId);
      const some = await this.secondFactors.any(userId);
      await this.#changed(userId, some);
      if (!some) await this.recoveryCodes.forget(userId);
      await this.audit.record({
        type: 'mfa.removed',
        actor: currentRequest()?.principal?.userId,
        subject: userId,
        before: { factor: factor.kind },
      });
      if (account) await this.notices.secondFactorRemoved(account, factor.kind);
    });
  }

  /** Whether the session of the present request, if it has one, stands at this moment. */
  async #stillSignedIn(): Promise<boolean> {
    const sessionId = currentRequest()?.principal?.sessionId;
    return sessionId === undefined || (await this.sessions.standing(sessionId))?.endedAt === null;
  }

  async #changed(userId: string, has: boolean): Promise<void> {
    const caller = currentRequest()?.principal;
    await this.accounts.setSecondFactor(userId, has);
    await this.sessions.endAll(userId, 'factor_changed', caller?.userId, caller?.sessionId);
  }
}
