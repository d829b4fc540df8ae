import { accountDeleted } from './account-deleted.js';
import { alreadyRegistered } from './already-registered.js';
import { apiKeyCreated } from './api-key-created.js';
import { changeEmail } from './change-email.js';
import { emailChangeAsked } from './email-change-asked.js';
import { emailRestored } from './email-restored.js';
import { invitation } from './invitation.js';
import { supported } from './languages.js';
import type { Letter, Part } from './letter.js';
import { notice } from './notice.js';
import { passwordChanged } from './password-changed.js';
import { recoveryCodeUsed } from './recovery-code-used.js';
import { registeredAgain } from './registered-again.js';
import { resetPassword } from './reset-password.js';
import { signInCode } from './sign-in-code.js';
import { suspiciousActivity } from './suspicious-activity.js';
import { verifyEmail } from './verify-email.js';
import { Words } from './words.js';

/** Whom a mail greets. */
interface Greeted {
  /** Typed by a person, perhaps a hostile one. */
  name: string | null;
  /** The language the account wants; null: it has not said. */
  locale: string | null;
}

/** A mail with a one-time token. Whoever asks for the mail builds the link, token in its fragment. */
interface WithToken extends Greeted {
  link: string;
  token: string;
  expiresInMinutes: number;
}

type Confirmation = WithToken & {
  /** Six digits, for whoever cannot follow the link. */
  code: string;
};

/** A mail about something that happened. */
interface Happening {
  /** ISO 8601. */
  at: string;
  /** What it was done with, such as "Firefox on Linux". */
  device: string | null;
  ip: string | null;
}

/** What administrators are told of. */
export interface SuspiciousActivityFacts {
  /** ISO 8601. */
  at: string;
  kind: 'stuffing' | 'registrations' | 'permission-raised';
  count: number;
  network: string | null;
  /** Id of an account or role. */
  subject: string | null;
}

/** What happened to an account. Its link says "this was not me". */
type Notice = WithToken & Happening;

/** Every mail there is, and what it is filled with. Plain JSON: it is kept in the outbox. */
export interface MailTemplates {
  'verify-email': Confirmation;
  /**
   * {@link Confirmation} of an address that was registered more than once. The other link sets a
   * password of the reader's own instead.
   */
  'registered-again': Confirmation & { passwordLink: string; passwordExpiresInMinutes: number };
  /** Somebody tried to register an address whose owner has confirmed it. Holds no token. */
  'already-registered': Greeted;
  invitation: WithToken;
  'reset-password': WithToken;
  /** Holds no link: the code is typed where it was asked for. */
  'sign-in-code': Greeted & Happening & { code: string; expiresInMinutes: number };
  /** To the new address. */
  'change-email': WithToken;
  /** To the old address. Its link cancels the change. */
  'email-change-asked': WithToken & Happening & { newEmail: string; notMeLink: string };
  'password-changed': Notice & {
    /** How many API keys go on working. */
    apiKeys?: number;
  };
  'api-key-created': Notice & {
    /** Typed by a person, perhaps a hostile one. */
    keyName: string;
  };
  'email-changed': Notice;
  'new-device': Notice;
  /** A refresh token was used twice, so its session was ended. */
  'session-reused': Notice;
  /** Many wrong passwords were tried. */
  'sign-in-slowed-down': Notice;
  /** The right password, after many wrong ones. */
  'sign-in-after-failures': Notice;
  /** A passkey's counter went back. */
  'passkey-copied': Notice;
  'totp-added': Notice;
  'totp-removed': Notice;
  'passkey-added': Notice;
  'passkey-removed': Notice;
  'recovery-codes-renewed': Notice;
  /** How many recovery codes are left. */
  'recovery-code-used': Notice & { left: number };
  /** Wrong second factors, after the right password. */
  'second-factor-failed': Notice;
  /** It need not prove a second factor for a while. */
  'device-trusted': Notice;
  /** To administrators. */
  'suspicious-activity': Greeted & SuspiciousActivityFacts;
  /** To the later address: the earlier one took the account back. */
  'email-restored': Greeted & Pick<Happening, 'at'>;
  'account-deleted': Greeted & Pick<Happening, 'at'>;
}

export type MailTemplate = keyof MailTemplates;

export type NoticeTemplate =
  | 'password-changed'
  | 'email-changed'
  | 'new-device'
  | 'session-reused'
  | 'sign-in-slowed-down'
  | 'passkey-copied'
  | 'sign-in-after-failures'
  | 'totp-added'
  | 'totp-removed'
  | 'passkey-added'
  | 'passkey-removed'
  | 'recovery-codes-renewed'
  | 'second-factor-failed'
  | 'device-trusted';

/** A template and its data, kept together. */
export type FilledTemplate = {
  [Name in MailTemplate]: { template: Name; data: MailTemplates[Name] };
}[MailTemplate];

const TEMPLATES: { [Name in MailTemplate]: (data: MailTemplates[Name], words: Words) => Part[] } = {
  'verify-email': verifyEmail,
  'registered-again': registeredAgain,
  'already-registered': alreadyRegistered,
  invitation,
  'reset-password': resetPassword,
  'sign-in-code': signInCode,
  'change-email': changeEmail,
  'email-change-asked': emailChangeAsked,
  'password-changed': passwordChanged,
  'api-key-created': apiKeyCreated,
  'email-changed': (data, words) => notice('email-changed', data, words),
  'new-device': (data, words) => notice('new-device', data, words),
  'session-reused': (data, words) => notice('session-reused', data, words),
  'sign-in-slowed-down': (data, words) => notice('sign-in-slowed-down', data, words),
  'sign-in-after-failures': (data, words) => notice('sign-in-after-failures', data, words),
  'passkey-copied': (data, words) => notice('passkey-copied', data, words),
  'totp-added': (data, words) => notice('totp-added', data, words),
  'totp-removed': (data, words) => notice('totp-removed', data, words),
  'passkey-added': (data, words) => notice('passkey-added', data, words),
  'passkey-removed': (data, words) => notice('passkey-removed', data, words),
  'recovery-codes-renewed': (data, words) => notice('recovery-codes-renewed', data, words),
  'second-factor-failed': (data, words) => notice('second-factor-failed', data, words),
  'recovery-code-used': recoveryCodeUsed,
  'device-trusted': (data, words) => notice('device-trusted', data, words),
  'suspicious-activity': suspiciousActivity,
  'email-restored': emailRestored,
  'account-deleted': accountDeleted,
};

/**
 * @param language what to write in when the account has not said, or nothing we can write; English when that says nothing
 *   either
 * @throws TypeError when there is no such template
 */
export function writeLetter<Name extends MailTemplate>(
  template: Name,
  data: MailTemplates[Name],
  language?: string | null,
): Letter {
  const words = new Words(supported(data.locale) ?? language);
  return {
    language: words.tag,
    subject: words.texts[template].subject,
    parts: TEMPLATES[template](data, words),
    footer: (sender) => words.texts.footer(sender),
  };
}
