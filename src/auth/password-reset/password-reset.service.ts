import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../clock.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { Database } from '../../database/database.js';
import type { OneTimeToken } from '../../generated/prisma/client.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { Notices } from '../notices/notices.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { KnownPlaces } from '../password/known-places.js';
import { Passwords } from '../password/passwords.js';
import { Sessions } from '../sessions/sessions.js';

/** Sets a password for whoever holds the newest reset link or invitation. */
@Injectable()
export class PasswordResetService {
  constructor(
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly passwords: Passwords,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly knownPlaces: KnownPlaces,
    private readonly clock: Clock,
    private readonly guesses: GuessLimits,
  ) {}

  /** @throws Problem token_invalid, password_rejected, overloaded or rate_limited */
  reset(token: string, password: string): Promise<void> {
    return this.guesses.attemptUnguessable(() => this.#reset(token, password));
  }

  async #reset(token: string, password: string): Promise<void> {
    const row = await this.oneTimeTokens.find(token);
    if (!row || !this.#usable(row)) throw new Problem('token_invalid');
    const account = await this.accounts.find(row.userId);
    if (account?.emailKey !== row.emailKey || account.status === 'disabled') {
      throw new Problem('token_invalid');
    }
    const passwordHash = await this.passwords.accept(password, account);

    await this.database.transaction(async () => {
      if (!(await this.oneTimeTokens.spend(row))) throw new Problem('token_invalid');
      await this.#setPassword(account, passwordHash);
    });
  }

  /** A look before the hash is computed; what decides is the spending. */
  #usable(row: OneTimeToken): boolean {
    const forPassword = row.purpose === 'reset_password' || row.purpose === 'invite';
    return forPassword && row.usedAt === null && row.expiresAt > this.clock.now();
  }

  async #setPassword(account: Account, passwordHash: string): Promise<void> {
    await this.accounts.setPassword(account.id, passwordHash);
    // Whoever read this mail has the address.
    if (account.emailVerifiedAt === null) {
      await this.accounts.confirmEmail(account.id, account.emailKey);
      await this.audit.record({ type: 'user.verified', actor: account.id, subject: account.id });
    }
    await this.oneTimeTokens.kill(account.id);
    await this.sessions.endAll(account.id, 'password_changed', account.id);
    await this.knownPlaces.remember(account.emailKey);
    await this.audit.record({ type: 'password.changed', actor: account.id, subject: account.id });
    // A password that was never there before is no news to whoever has just chosen it.
    if (account.passwordHash !== null) await this.notices.passwordChanged(account);
  }
}
