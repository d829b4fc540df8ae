import { Injectable } from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import { currentRequest } from '../../common/http/request-context.js';
import { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import type { Session } from '../../generated/prisma/client.js';
import { Outbox } from '../../mail/outbox/outbox.js';
import type { MailTemplates, NoticeTemplate } from '../../mail/templates/mail-templates.js';
import type { Account } from '../../users/accounts.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { currentUserAgent, deviceLabel } from '../sessions/device-label.js';

/** How long "this was not me" can be said, in milliseconds. */
export const NOT_ME_TTL = 7 * 86_400_000;
/** How often one account is told at most of the same attempts, in milliseconds. */
const HOUR = 3_600_000;

/** Where a mail goes: an address as typed, and its canonical form. */
interface Mailbox {
  email: string;
  emailKey: string;
}

/**
 * Tells people by mail what happened to their account, so that they notice what they did not do.
 * Call each inside the transaction of the change it tells of: then neither is ever there without
 * the other. Each that a link can still help against holds one that says "this was not me"
 * (not-me.service.ts).
 */
@Injectable()
export class Notices {
  constructor(
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly outbox: Outbox,
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly apiKeys: ApiKeys,
  ) {}

  /** The password was changed or reset. Says how many API keys go on working. */
  async passwordChanged(account: Account): Promise<void> {
    const notice = await this.#notice(account, account);
    const apiKeys = await this.apiKeys.count(account.id);
    await this.outbox.send('password-changed', account.email, account.emailKey, {
      ...notice,
      apiKeys,
    });
  }

  /**
   * Somebody signed in as this account asked to change its address. Goes to the present address,
   * with a link that cancels the change.
   *
   * @param newEmail as typed
   */
  async emailChangeAsked(account: Account, newEmail: string): Promise<void> {
    const { emailTokenTtl } = this.config;
    const { token } = await this.oneTimeTokens.issue(
      account.id,
      'cancel_email_change',
      account.emailKey,
      emailTokenTtl,
    );
    const { link: notMeLink, ...notice } = await this.#notice(account, account);
    await this.outbox.send('email-change-asked', account.email, account.emailKey, {
      ...notice,
      newEmail,
      link: this.#link('/auth/email/cancel', token),
      token,
      expiresInMinutes: emailTokenTtl / 60_000,
      notMeLink,
    });
  }

  /**
   * The address was changed. Goes to the new address and to the old one; whoever reads the old one
   * can take the account back.
   *
   * @param account as it is after the change
   */
  async emailChanged(account: Account, oldEmail: string, oldEmailKey: string): Promise<void> {
    await this.#tell('email-changed', account, account);
    await this.#tell('email-changed', account, { email: oldEmail, emailKey: oldEmailKey });
  }

  /**
   * An API key was made. @param keyName as typed
   */
  async apiKeyCreated(account: Account, keyName: string): Promise<void> {
    const notice = await this.#notice(account, account);
    await this.outbox.send('api-key-created', account.email, account.emailKey, {
      ...notice,
      keyName,
    });
  }

  /** A sign-in from a device that the account was not used on before. */
  newDevice(account: Account, session: Session): Promise<void> {
    return this.#tell('new-device', account, account, session.label);
  }

  /** A refresh token of the session was used twice, so the session was ended. */
  sessionReused(account: Account, session: Session): Promise<void> {
    return this.#tell('session-reused', account, account, session.label);
  }

  /**
   * Many wrong passwords were tried on the account, so sign-in to it is slowed down wherever it is
   * not known from; nothing was changed. At most one such mail an hour goes to an account, however
   * often and from however many processes this is called, and none to an address that nobody has
   * confirmed or to a disabled account.
   *
   * Call it when the failures of an account reach their limit, in no transaction and without
   * awaiting it before the answer: an unknown address has nobody to tell, and must cost the same
   * time. It takes device and network of the last try from the present request. Rejects when the
   * database is busy; the caller logs that and goes on.
   */
  signInSlowedDown(account: Account): Promise<void> {
    const { emailVerifiedAt, status } = account;
    if (emailVerifiedAt === null || status === 'disabled') return Promise.resolve();
    return this.#tellHourly('sign-in-slowed-down', account);
  }

  /**
   * A passkey signed with a counter that had been seen before, so it was refused. At most one such
   * mail an hour goes to an account. Takes device and network from the present request.
   */
  passkeyCopied(account: Account): Promise<void> {
    return this.#tellHourly('passkey-copied', account);
  }

  /**
   * Somebody signed in after many wrong passwords (ASVS 6.3.5). Not for a sign-in that
   * {@link newDevice} tells of. It takes device and network from the present request.
   */
  signedInAfterFailures(account: Account): Promise<void> {
    return this.#tell('sign-in-after-failures', account, account);
  }

  /** A second factor was added. */
  secondFactorAdded(account: Account, factor: 'totp' | 'passkey'): Promise<void> {
    return this.#tell(`${factor}-added`, account, account);
  }

  /** A second factor was removed. */
  secondFactorRemoved(account: Account, factor: 'totp' | 'passkey'): Promise<void> {
    return this.#tell(`${factor}-removed`, account, account);
  }

  /** New recovery codes were made. */
  recoveryCodesRenewed(account: Account): Promise<void> {
    return this.#tell('recovery-codes-renewed', account, account);
  }

  /** A recovery code stood in for a second factor. @param left how many are still good */
  async recoveryCodeUsed(account: Account, left: number): Promise<void> {
    const notice = await this.#notice(account, account);
    await this.outbox.send('recovery-code-used', account.email, account.emailKey, {
      ...notice,
      left,
    });
  }

  /**
   * Somebody knew the password and was wrong about the second factor (ASVS 6.3.5). At most one such
   * mail an hour. It takes device and network from the present request.
   */
  secondFactorFailed(account: Account): Promise<void> {
    return this.#tellHourly('second-factor-failed', account);
  }

  /** A device need not prove a second factor for a while. */
  deviceTrusted(account: Account): Promise<void> {
    return this.#tell('device-trusted', account, account);
  }

  /**
   * The address was brought back. Goes to the later address, without a link that could turn it
   * again.
   *
   * @param before the account as it was with the later address
   */
  emailRestored(before: Account): Promise<void> {
    return this.#tellWithoutLink('email-restored', before);
  }

  /** The account is being deleted. Nothing of it is left that a link could lead to. */
  accountDeleted(account: Account): Promise<void> {
    return this.#tellWithoutLink('account-deleted', account);
  }

  /** Unless the same was told within the hour: for what somebody else can bring about again and again. */
  #tellHourly(template: NoticeTemplate, account: Account): Promise<void> {
    return this.database.transaction(async () => {
      const since = later(this.clock.now(), -HOUR);
      if ((await this.outbox.countMailed(account.emailKey, template, since)) > 0) return;
      await this.#tell(template, account, account);
    });
  }

  #tellWithoutLink(
    template: 'email-restored' | 'account-deleted',
    account: Account,
  ): Promise<void> {
    if (account.serviceAccount) return Promise.resolve(); // nobody reads its mail
    return this.outbox.send(template, account.email, account.emailKey, {
      name: account.name,
      locale: account.locale,
      at: this.clock.now().toISOString(),
    });
  }

  /** @param device undefined: that of the present request */
  async #tell(
    template: NoticeTemplate,
    account: Account,
    to: Mailbox,
    device?: string | null,
  ): Promise<void> {
    const notice = await this.#notice(account, to);
    await this.outbox.send(template, to.email, to.emailKey, {
      ...notice,
      ...(device === undefined ? {} : { device }),
    });
  }

  async #notice(account: Account, to: Mailbox): Promise<MailTemplates[NoticeTemplate]> {
    const { token } = await this.oneTimeTokens.issue(
      account.id,
      'not_me',
      to.emailKey,
      NOT_ME_TTL,
      { email: to.email, sessionId: null },
    );
    return {
      name: account.name,
      locale: account.locale,
      at: this.clock.now().toISOString(),
      device: deviceLabel(currentUserAgent()),
      ip: currentRequest()?.ip ?? null,
      link: this.#link('/auth/not-me', token),
      token,
      expiresInMinutes: NOT_ME_TTL / 60_000,
    };
  }

  #link(path: string, token: string): string {
    return `${this.config.publicUrl}${path}#token=${token}`;
  }
}
