import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { Config } from '../../config/config.js';
import { MailRequests } from '../../mail/outbox/mail-requests.js';
import type { DecidedMail, RequestFacts } from '../../mail/outbox/outbox.js';
import { Accounts } from '../../users/accounts.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';

/**
 * Decides, off the request path, what the new address gets: a link that confirms it, or, when it
 * has an account already, word of that to its owner. Whoever asked learns neither.
 */
@Injectable()
export class EmailChangeMail implements OnModuleInit {
  constructor(
    private readonly mailRequests: MailRequests,
    private readonly accounts: Accounts,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.mailRequests.decide('change-email', (emailKey, facts) => this.#decide(emailKey, facts));
  }

  async #decide(emailKey: string, facts: RequestFacts): Promise<DecidedMail | undefined> {
    const asked = facts.oneTimeTokenId && (await this.oneTimeTokens.byId(facts.oneTimeTokenId));
    // Cancelled, or asked again for another address, before this was decided.
    if (!asked || asked.email === null || asked.usedAt || asked.expiresAt <= this.clock.now()) {
      return undefined;
    }
    const asker = await this.accounts.fresh(asked.userId);
    if (!asker || asker.status === 'disabled' || asker.emailKey === emailKey) return undefined;

    const holder = await this.accounts.findByEmail(emailKey);
    if (holder && (await this.accounts.isTaken(emailKey))) {
      return {
        template: 'already-registered',
        recipient: holder.email,
        data: { name: holder.name, locale: holder.locale },
      };
    }
    const { token } = await this.oneTimeTokens.issue(
      asker.id,
      'change_email',
      emailKey,
      this.config.emailTokenTtl,
      { email: asked.email, sessionId: asked.sessionId },
    );
    return {
      template: 'change-email',
      recipient: asked.email,
      data: {
        name: asker.name,
        locale: asker.locale,
        link: `${this.config.publicUrl}/auth/email/confirm#token=${token}`,
        token,
        expiresInMinutes: this.config.emailTokenTtl / 60_000,
      },
    };
  }
}
