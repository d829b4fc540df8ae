import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { MailRequests } from '../../mail/outbox/mail-requests.js';
import type { DecidedMail, RequestFacts } from '../../mail/outbox/outbox.js';
import { Accounts } from '../../users/accounts.js';
import { mayNotSignIn } from '../login/sign-in.policy.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';

/** How long a code works, in milliseconds: at most ten minutes (ASVS 6.5.5). */
export const SIGN_IN_CODE_TTL = 10 * 60_000;

/**
 * Decides, off the request path, who gets a sign-in code: accounts that may sign in and have a
 * password. An address that nobody has confirmed gets none: confirming has a mail of its own, which
 * says what it does.
 */
@Injectable()
export class MailCodeMail implements OnModuleInit {
  constructor(
    private readonly mailRequests: MailRequests,
    private readonly accounts: Accounts,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.mailRequests.decide('sign-in-code', (emailKey, facts) => this.#decide(emailKey, facts));
  }

  async #decide(emailKey: string, { signIn }: RequestFacts): Promise<DecidedMail | undefined> {
    // Turned off since it was asked for.
    if (!this.config.mailCodeLogin || signIn === undefined) return undefined;
    const account = await this.accounts.findByEmail(emailKey);
    if (!account || mayNotSignIn(account) || account.passwordHash === null) return undefined;
    const { tokenHash, ...asked } = signIn;
    const code = await this.oneTimeTokens.issueCode(
      account.id,
      'sign_in_code',
      emailKey,
      SIGN_IN_CODE_TTL,
      new Uint8Array(Buffer.from(tokenHash, 'base64url')),
    );
    return {
      template: 'sign-in-code',
      recipient: account.email,
      data: {
        name: account.name,
        locale: account.locale,
        ...asked,
        code,
        expiresInMinutes: SIGN_IN_CODE_TTL / 60_000,
      },
    };
  }
}
