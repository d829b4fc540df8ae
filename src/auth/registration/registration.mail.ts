import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { MailRequests } from '../../mail/outbox/mail-requests.js';
import type { DecidedMail } from '../../mail/outbox/outbox.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';

/**
 * Decides, off the request path, what the owner of an address is told when somebody registered it,
 * or asked again for the mail that confirms it.
 */
@Injectable()
export class RegistrationMail implements OnModuleInit {
  constructor(
    private readonly mailRequests: MailRequests,
    private readonly accounts: Accounts,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.mailRequests.decide('registration', (emailKey) => this.#afterRegistration(emailKey));
    this.mailRequests.decide('verify-email', (emailKey) => this.#resend(emailKey));
  }

  /** The mail by which an invited person sets a password. */
  async invitation(account: Account): Promise<DecidedMail & { template: 'invitation' }> {
    const { token } = await this.oneTimeTokens.issue(
      account.id,
      'invite',
      account.emailKey,
      this.config.emailTokenTtl,
    );
    return {
      template: 'invitation',
      recipient: account.email,
      data: {
        name: account.name,
        locale: account.locale,
        link: `${this.config.publicUrl}/auth/password/reset#token=${token}`,
        token,
        expiresInMinutes: this.config.emailTokenTtl / 60_000,
      },
    };
  }

  async #afterRegistration(emailKey: string): Promise<DecidedMail | undefined> {
    const account = await this.accounts.findByEmail(emailKey);
    if (!account) return undefined; // deleted meanwhile
    if (account.emailVerifiedAt === null) return this.#confirmation(account);
    return {
      template: 'already-registered',
      recipient: account.email,
      data: { name: account.name, locale: account.locale },
    };
  }

  async #resend(emailKey: string): Promise<DecidedMail | undefined> {
    const account = await this.accounts.findByEmail(emailKey);
    if (!account || account.emailVerifiedAt !== null) return undefined;
    return this.#confirmation(account);
  }

  async #confirmation(account: Account): Promise<DecidedMail> {
    if (account.passwordHash === null) return this.invitation(account);
    const { token, code } = await this.oneTimeTokens.issue(
      account.id,
      'verify_email',
      account.emailKey,
      this.config.emailTokenTtl,
    );
    const recipient = account.email;
    const data = {
      name: account.name,
      locale: account.locale,
      link: `${this.config.publicUrl}/auth/verify-email#token=${token}`,
      token,
      code,
      expiresInMinutes: this.config.emailTokenTtl / 60_000,
    };
    if (!registeredAgain(account)) return { template: 'verify-email', recipient, data };
    return {
      template: 'registered-again',
      recipient,
      data: { ...data, ...(await this.#ownPassword(account)) },
    };
  }

  /** The way past a password that somebody else may have registered the address with. */
  async #ownPassword({ id, emailKey }: Account) {
    const { publicUrl, passwordResetTtl } = this.config;
    const { token } = await this.oneTimeTokens.issue(
      id,
      'reset_password',
      emailKey,
      passwordResetTtl,
    );
    return {
      passwordLink: `${publicUrl}/auth/password/reset#token=${token}`,
      passwordExpiresInMinutes: passwordResetTtl / 60_000,
    };
  }
}

/** Whether the password of an unconfirmed account is a later one than it was made with. */
function registeredAgain({ createdAt, passwordChangedAt }: Account): boolean {
  return passwordChangedAt !== null && passwordChangedAt.getTime() !== createdAt.getTime();
}
