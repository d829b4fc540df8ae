import { MailFailure } from './transport.js';

/** What nodemailer says about a failure; `response` and `message` hold the server's own words. */
interface SmtpError {
  code?: string;
  originalCode?: string;
  command?: string;
  responseCode?: number;
}

/**
 * Replies that speak of the session, whatever command they answer (RFC 5321 section 4.2.3,
 * RFC 4954 section 6): closing down, bad sequence, authentication wanted or refused.
 */
const ABOUT_THE_SESSION = new Set([421, 454, 503, 530, 534, 535, 538]);

/**
 * Whose fault it is. Only a reply to RCPT or DATA, or about the message's size, can be about this
 * mail; whatever goes wrong before that would go wrong with every other mail as well.
 */
export function classify(error: unknown): MailFailure {
  const { code, originalCode, command, responseCode } = (error ?? {}) as SmtpError;
  const where = command === 'RCPT TO' || command === 'DATA';

  if (responseCode === undefined && (command === 'API' || command === 'MAIL FROM')) {
    // Refused before anything was sent: not an address, or larger than the server takes.
    if (code === 'EENVELOPE' || code === 'EMESSAGE') return new MailFailure('permanent', code);
  }
  if (responseCode === 552 && command === 'MAIL FROM')
    return new MailFailure('permanent', 'MAIL FROM 552');
  if (where && responseCode !== undefined && !ABOUT_THE_SESSION.has(responseCode)) {
    const kind = responseCode >= 500 && responseCode < 600 ? 'permanent' : 'temporary';
    return new MailFailure(kind, `${command} ${responseCode}`);
  }
  return new MailFailure('unreachable', reasonOf({ code, originalCode, command, responseCode }));
}

/** Built from codes and command names alone: the server's words may repeat an address. */
function reasonOf(error: {
  code: string | undefined;
  originalCode: string | undefined;
  command: string | undefined;
  responseCode: number | undefined;
}): string {
  const known = [error.command, error.originalCode ?? error.code, error.responseCode?.toString()];
  return (
    known.filter((part) => part !== undefined && /^[\w ]{1,40}$/.test(part)).join(' ') || 'failed'
  );
}
