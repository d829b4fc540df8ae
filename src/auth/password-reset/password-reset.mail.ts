import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { MailRequests } from '../../mail/outbox/mail-requests.js';
import type { DecidedMail } from '../../mail/outbox/outbox.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { RegistrationMail } from '../registration/registration.mail.js';

/** Decides, off the request path, who gets a reset link. */
@Injectable()
export class PasswordResetMail implements OnModuleInit {
  constructor(
    private readonly mailRequests: MailRequests,
    private readonly registrationMail: RegistrationMail,
    private readonly accounts: Accounts,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.mailRequests.decide('reset-password', (emailKey) => this.#reset(emailKey));
  }

  async #reset(emailKey: string): Promise<DecidedMail | undefined> {
    const account = await this.accounts.findByEmail(emailKey);
    if (!account || account.status === 'disabled') return undefined;
    if (account.passwordHash === null) return this.registrationMail.invitation(account);
    return this.resetLink(account);
  }

  /** The mail by which a person sets a new password. */
  async resetLink(account: Account): Promise<DecidedMail & { template: 'reset-password' }> {
    const { token } = await this.oneTimeTokens.issue(
      account.id,
      'reset_password',
      account.emailKey,
      this.config.passwordResetTtl,
    );
    return {
      template: 'reset-password',
      recipient: account.email,
      data: {
        name: account.name,
        locale: account.locale,
        link: `${this.config.publicUrl}/auth/password/reset#token=${token}`,
        token,
        expiresInMinutes: this.config.passwordResetTtl / 60_000,
      },
    };
  }
}
