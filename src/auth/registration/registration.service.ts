import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { canonicalEmail } from '../../common/email-address.js';
import { currentNetwork, currentRequest } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import { Database } from '../../database/database.js';
import { Outbox } from '../../mail/outbox/outbox.js';
import { wantedLanguage } from '../../mail/templates/languages.js';
import { NewAccounts } from '../../users/new-accounts.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { Passwords } from '../password/passwords.js';
import type { RegisterRequest } from './registration.dto.js';

/**
 * Registration. A known and an unknown address run through the same statements, so that neither
 * the answer nor its time tells them apart; what to mail, and whether at all, is decided by the
 * mail worker (registration.mail.ts).
 */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly passwords: Passwords,
    private readonly newAccounts: NewAccounts,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly events: SecurityEvents,
  ) {}

  /** @throws Problem password_rejected or overloaded */
  async register({ email: typed, password, name }: RegisterRequest): Promise<void> {
    const email = typed.trim();
    const emailKey = canonicalEmail(email)!;
    const person = { email, name: name || null };
    const passwordHash = await this.passwords.accept(password, person);

    await this.database.transaction(async () => {
      const { id, pending } = await this.newAccounts.registerPending({
        email,
        emailKey,
        name: name || undefined,
        locale: wantedLanguage(currentRequest()?.headers['accept-language']),
        passwordHash,
      });
      // Mails of an earlier attempt must not confirm this one's password.
      await this.oneTimeTokens.kill(id, 'verify_email');
      await this.audit.recordHourly({
        type: pending ? 'user.registered' : 'registration.repeated',
        subject: id,
      });
      await this.outbox.request('registration', email, emailKey);
    });
    this.events.emit('registration', { network: currentNetwork() });
  }
}
