import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../clock.js';
import type { Principal } from '../../common/access/principal.js';
import { canonicalEmail } from '../../common/email-address.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { LimitCounts } from '../../common/http/limits/limit-counts.js';
import { LimitKeys } from '../../common/http/limits/limit-keys.js';
import { rateLimited, secondsUntil } from '../../common/http/limits/rate-limit-fields.js';
import { currentNetwork } from '../../common/http/request-context.js';
import { invalid } from '../../common/http/validation.js';
import { SecurityEvents } from '../../common/security-events.js';
import { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { Outbox } from '../../mail/outbox/outbox.js';
import { Accounts } from '../../users/accounts.js';
import { Notices } from '../notices/notices.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { CurrentPassword } from '../password/current-password.js';
import { KnownPlaces } from '../password/known-places.js';
import { Sessions } from '../sessions/sessions.js';

/**
 * Moves an account to another address. Nothing changes until the new box has confirmed; the old
 * one is told at both steps. An address that is taken runs through the same statements as a free
 * one: what to mail is decided by the mail worker (email-change.mail.ts).
 */
@Injectable()
export class EmailChangeService {
  constructor(
    private readonly currentPassword: CurrentPassword,
    private readonly accounts: Accounts,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly sessions: Sessions,
    private readonly notices: Notices,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly config: Config,
    private readonly guesses: GuessLimits,
    private readonly limitCounts: LimitCounts,
    private readonly limitKeys: LimitKeys,
    private readonly events: SecurityEvents,
    private readonly clock: Clock,
    private readonly knownPlaces: KnownPlaces,
  ) {}

  /**
   * @throws Problem current_password_wrong, overloaded, rate_limited, mail_cooldown;
   *   validation_failed when it is the address the account has; conflict when the account changed at
   *   the same moment
   */
  async ask(caller: Principal, typed: string, currentPassword: string): Promise<void> {
    const email = typed.trim();
    const emailKey = canonicalEmail(email)!;
    const { id, passwordHash } = await this.currentPassword.prove(caller, currentPassword);
    if (!(await this.oneTimeTokens.asksFor(id, emailKey))) await this.#countAddress(id);

    await this.database.transaction(async () => {
      const account = await this.accounts.fresh(id);
      if (account?.passwordHash !== passwordHash || account.status === 'disabled') {
        throw new Problem('conflict', { detail: 'The account was changed at the same moment.' });
      }
      if (emailKey === account.emailKey) throw sameAsCurrent();
      const oneTimeTokenId = await this.oneTimeTokens.standingChange(
        id,
        emailKey,
        this.config.emailTokenTtl,
        { email, sessionId: caller.sessionId ?? null },
      );
      await this.outbox.request('change-email', email, emailKey, { oneTimeTokenId });
      await this.audit.record({ type: 'email.change_requested', actor: id, subject: id });
      await this.notices.emailChangeAsked(account, email);
    });
  }

  /** @throws Problem token_invalid, the same for every reason; rate_limited */
  confirm(token: string): Promise<void> {
    return this.guesses.attemptUnguessable(() => this.#confirm(token));
  }

  /** @throws Problem token_invalid, the same for every reason; rate_limited */
  cancel(token: string): Promise<void> {
    return this.guesses.attemptUnguessable(() => this.#cancel(token));
  }

  /**
   * An account that names one stranger's address after the other would have us mail them all: that
   * each box gets a few only is no bound for the sender.
   */
  async #countAddress(userId: string): Promise<void> {
    if (!this.config.rateLimits) return;
    const { mail } = this.config.limits;
    const now = this.clock.now().getTime();
    const key = this.limitKeys.of('addresses-asked-for', userId);
    const window = await this.limitCounts.hit(key, 'mail', mail, now);
    if (window.count <= mail.count) return;
    this.events.emit('limit.refused', { limit: 'mail', network: currentNetwork() });
    throw rateLimited('mail', mail, secondsUntil(window.endsAt, now), 'mail_cooldown');
  }

  async #confirm(token: string): Promise<void> {
    const row = await this.oneTimeTokens.find(token);
    if (row?.purpose !== 'change_email' || row.email === null) throw new Problem('token_invalid');
    const { userId, email, emailKey } = row;

    await this.database.transaction(async () => {
      if (!(await this.oneTimeTokens.spend(row))) throw new Problem('token_invalid');
      const before = await this.accounts.fresh(userId);
      const replaced =
        before && (await this.accounts.changeEmail(userId, before.emailKey, { email, emailKey }));
      // Somebody else confirmed the address first, or the account is disabled or gone.
      if (!replaced) throw new Problem('token_invalid');
      for (const id of replaced) await this.audit.record({ type: 'user.deleted', subject: id });
      await this.oneTimeTokens.kill(userId);
      await this.sessions.endAll(userId, 'email_changed', userId, row.sessionId ?? undefined);
      await this.audit.record({ type: 'email.changed', actor: userId, subject: userId });
      await this.knownPlaces.remember(emailKey);
      const after = (await this.accounts.fresh(userId))!;
      await this.notices.emailChanged(after, before.email, before.emailKey);
    });
  }

  async #cancel(token: string): Promise<void> {
    const row = await this.oneTimeTokens.find(token);
    if (row?.purpose !== 'cancel_email_change') throw new Problem('token_invalid');

    await this.database.transaction(async () => {
      if (!(await this.oneTimeTokens.spend(row))) throw new Problem('token_invalid');
      await this.oneTimeTokens.kill(row.userId, 'change_email');
      await this.audit.record({ type: 'email.change_cancelled', subject: row.userId });
    });
  }
}

function sameAsCurrent(): Problem {
  return invalid([
    { pointer: '/newEmail', code: 'same_as_current', detail: 'This is the address you have.' },
  ]);
}
