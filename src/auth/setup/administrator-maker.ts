import { Injectable } from '@nestjs/common';
import { canonicalEmail } from '../../common/email-address.js';
import { Database } from '../../database/database.js';
import type { Account } from '../../users/accounts.js';
import { Administrators, type MadeBy } from '../../users/administrators.js';
import { NewAccounts } from '../../users/new-accounts.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { Passwords } from '../password/passwords.js';
import { Sessions } from '../sessions/sessions.js';

/** Makes administrators for whoever holds the server itself: its terminal, log or environment. */
@Injectable()
export class AdministratorMaker {
  constructor(
    private readonly passwords: Passwords,
    private readonly newAccounts: NewAccounts,
    private readonly administrators: Administrators,
    private readonly sessions: Sessions,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly database: Database,
  ) {}

  /**
   * Makes the first administrator. An account that has the address already becomes it, with this
   * password.
   *
   * @returns the id; undefined when there is an administrator already: of parallel calls one wins
   * @throws Problem password_rejected
   */
  async makeFirst(typed: string, password: string, by: MadeBy): Promise<string | undefined> {
    const account = await this.#prepared(typed, password);
    return this.database.transaction(async () => {
      if (await this.administrators.exists()) return undefined;
      const id = await this.#write(account);
      return (await this.administrators.grantFirst(id, by)) ? id : undefined;
    });
  }

  /**
   * Makes one more administrator by the command line, confirmed and with this password.
   *
   * @throws Problem password_rejected
   */
  async makeAnother(typed: string, password: string): Promise<string> {
    const account = await this.#prepared(typed, password);
    return this.database.transaction(async () => {
      const id = await this.#write(account);
      await this.administrators.grant(id, 'command_line');
      return id;
    });
  }

  /** Makes an account that can sign in already an administrator; its password stays. */
  async promote(account: Account): Promise<void> {
    await this.administrators.grant(account.id, 'command_line');
  }

  /** Outside the transaction, because it hashes. */
  async #prepared(typed: string, password: string) {
    const email = typed.trim();
    const passwordHash = await this.passwords.accept(password, { email, name: null });
    return { email, emailKey: canonicalEmail(email)!, passwordHash };
  }

  /** What others may have begun with this address before ends here. */
  async #write(account: {
    email: string;
    emailKey: string;
    passwordHash: string;
  }): Promise<string> {
    const id = await this.newAccounts.createConfirmed(
      account.email,
      account.emailKey,
      account.passwordHash,
    );
    await this.oneTimeTokens.kill(id);
    await this.sessions.endAll(id, 'password_changed', undefined);
    return id;
  }
}
