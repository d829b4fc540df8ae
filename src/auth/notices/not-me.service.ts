import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { later } from '../../clock.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { Database } from '../../database/database.js';
import type { OneTimeToken } from '../../generated/prisma/client.js';
import { Outbox } from '../../mail/outbox/outbox.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { PasswordResetMail } from '../password-reset/password-reset.mail.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { Sessions } from '../sessions/sessions.js';
import { Notices } from './notices.js';

/** A notice is written in the transaction of the change it tells of, this long after it at most. */
const TOLD_WITHIN = 60_000;

/**
 * Gives an account back to whoever reads the mail that a notice went to.
 *
 * A thief changes the address first. Therefore the address the notice went to comes back with the
 * account, and the link in any notice sent to another address dies: the earlier address wins.
 */
@Injectable()
export class NotMeService {
  constructor(
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly apiKeys: ApiKeys,
    private readonly secondFactors: SecondFactors,
    private readonly passwordResetMail: PasswordResetMail,
    private readonly notices: Notices,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly guesses: GuessLimits,
  ) {}

  /** @throws Problem token_invalid, the same for every reason; rate_limited */
  use(token: string): Promise<void> {
    return this.guesses.attemptUnguessable(() => this.#use(token));
  }

  async #use(token: string): Promise<void> {
    const row = await this.oneTimeTokens.find(token);
    if (row?.purpose !== 'not_me') throw new Problem('token_invalid');

    await this.database.transaction(async () => {
      if (!(await this.oneTimeTokens.spend(row))) throw new Problem('token_invalid');
      const { userId } = row;
      await this.oneTimeTokens.kill(userId);
      await this.sessions.endAll(userId, 'not_me', undefined);
      // Also those made before: whoever was inside may have read them where they are used.
      await this.apiKeys.endAll(userId, 'not_me', undefined);
      await this.audit.record({ type: 'account.reclaimed', subject: userId });
      await this.#removeFactorsSince(row);
      const account = await this.#atNoticedAddress(row);
      if (account) await this.#startReset(account);
    });
  }

  /**
   * A thief adds a factor of their own, which would let them in again and keep the owner out. What
   * there was before the notice stays: whoever reads the mailbox alone gets past none of it.
   */
  async #removeFactorsSince({ userId, createdAt }: OneTimeToken): Promise<void> {
    const removed = await this.secondFactors.removeSince(userId, later(createdAt, -TOLD_WITHIN));
    if (removed === 0) return;
    await this.accounts.setSecondFactor(userId, await this.secondFactors.any(userId));
    await this.audit.record({ type: 'mfa.removed', subject: userId, before: { factors: removed } });
  }

  /**
   * The account, with the address the notice went to.
   *
   * @returns undefined when it is disabled, or when another account has that address now
   */
  async #atNoticedAddress({ userId, emailKey, email }: OneTimeToken): Promise<Account | undefined> {
    const before = (await this.accounts.fresh(userId))!;
    if (before.status === 'disabled') return undefined;
    if (before.emailKey === emailKey) return before;

    const to = { email: email ?? emailKey, emailKey };
    if (!(await this.accounts.changeEmail(userId, before.emailKey, to))) return undefined;
    await this.oneTimeTokens.killNotMe(userId, emailKey);
    await this.audit.record({ type: 'email.changed', subject: userId, after: { restored: true } });
    await this.notices.emailRestored(before);
    return this.accounts.fresh(userId);
  }

  /** The password stays until a new one is chosen: nobody can be shut out of both. */
  async #startReset(account: Account): Promise<void> {
    const { template, recipient, data } = await this.passwordResetMail.resetLink(account);
    await this.outbox.send(template, recipient, account.emailKey, data);
  }
}
