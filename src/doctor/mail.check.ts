import type { Config } from '../config/config.js';
import { fault, type Finding, ok, warning } from './finding.js';

/** What a look at the mail server came to; `reason` is short and holds nothing it wrote. */
export type MailServerLook = { readonly reached: true } | { readonly reason: string };

/** @param look asks the mail server of SMTP_URL whether it would take mail, and sends none */
export async function checkMail(
  config: Config,
  look: () => Promise<MailServerLook>,
): Promise<Finding> {
  if (config.smtpUrl === undefined) {
    return ok('mail', 'Captured, and shown at /dev/mail: SMTP_URL is unset.');
  }
  const { protocol, host } = new URL(config.smtpUrl);
  const server = `${protocol}//${host}`;
  const found = await look();
  if ('reason' in found) {
    return fault(
      'mail',
      `${server} takes no mail from here: ${found.reason}.`,
      'Mail waits until it does, for days; nobody can confirm an address or reset a password.',
      `SMTP_URL (host, port, user, password), or SMTP_TLS, which is ${config.smtpTls}.`,
    );
  }
  if (config.smtpTls === 'opportunistic' && protocol === 'smtp:' && config.mode === 'production') {
    return warning(
      'mail',
      `${server} takes mail; TLS is used when it is offered, and not insisted on.`,
      'Whoever stands in between can read links and codes.',
      'SMTP_TLS=required, unless the mail server is on this machine.',
    );
  }
  return ok('mail', `${server} takes mail from here (TLS ${config.smtpTls}).`);
}
