import { canonicalEmail } from '../../common/email-address.js';
import { toHtml, toText } from '../templates/layout.js';
import { type FilledTemplate, writeLetter } from '../templates/mail-templates.js';
import type { MailMessage } from '../transports/transport.js';

/** The mail as it leaves. `publicUrl` tells the reader which server it comes from. */
export function messageOf(
  mail: { id: string; recipientKey: string; language: string | null },
  to: string,
  filled: FilledTemplate,
  publicUrl: string,
): MailMessage {
  const letter = writeLetter(filled.template, filled.data, mail.language);
  const sender = new URL(publicUrl).host;
  const { data } = filled;
  return {
    id: mail.id,
    to,
    toKey: mail.recipientKey,
    subject: letter.subject,
    text: toText(letter, sender),
    html: toHtml(letter, sender),
    link: 'link' in data ? data.link : null,
    token: 'token' in data ? data.token : null,
    code: 'code' in data ? data.code : null,
  };
}

/**
 * The address a mail is sent to: as typed when it is the canonical one but for capital letters,
 * else the canonical one. A look-alike that only normalisation makes equal (fullwidth letters, the
 * Kelvin sign) is another mailbox, and must not get what belongs to the plain one.
 *
 * @returns undefined when the two do not belong together
 */
export function wireAddress(recipient: string, recipientKey: string): string | undefined {
  if (canonicalEmail(recipient) !== recipientKey) return undefined;
  const lowered = recipient.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return lowered === recipientKey ? recipient : recipientKey;
}
