import { alreadyRegistered } from './already-registered.js';
import { invitation } from './invitation.js';
import type { Letter } from './letter.js';
import { resetPassword } from './reset-password.js';
import { sessionReused } from './session-reused.js';
import { verifyEmail } from './verify-email.js';

/** Whom a mail greets. Typed by a person, perhaps a hostile one. */
interface Greeted {
  name: string | null;
}

/** A mail with a one-time token. Whoever asks for the mail builds the link, token in its fragment. */
interface WithToken extends Greeted {
  link: string;
  token: string;
  expiresInMinutes: number;
}

/** Every mail there is, and what it is filled with. Plain JSON: it is kept in the outbox. */
export interface MailTemplates {
  'verify-email': WithToken & {
    /** Six digits, for whoever cannot follow the link. */
    code: string;
  };
  /** Somebody tried to register an address whose owner has confirmed it. Holds no token. */
  'already-registered': Greeted;
  invitation: WithToken;
  'reset-password': WithToken;
  /** A refresh token was used twice, so its session was ended. */
  'session-reused': Greeted & {
    /** ISO 8601. */
    at: string;
    /** What the session was called, such as "Firefox on Linux". */
    device: string | null;
    ip: string | null;
  };
}

export type MailTemplate = keyof MailTemplates;

/** A template and its data, kept together. */
export type FilledTemplate = {
  [Name in MailTemplate]: { template: Name; data: MailTemplates[Name] };
}[MailTemplate];

const TEMPLATES: { [Name in MailTemplate]: (data: MailTemplates[Name]) => Letter } = {
  'verify-email': verifyEmail,
  'already-registered': alreadyRegistered,
  invitation,
  'reset-password': resetPassword,
  'session-reused': sessionReused,
};

/** @throws TypeError when there is no such template */
export function writeLetter<Name extends MailTemplate>(
  template: Name,
  data: MailTemplates[Name],
): Letter {
  return TEMPLATES[template](data);
}
