import { Injectable } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { Clock } from '../../clock.js';
import { Config } from '../../config/config.js';
import { classify } from './smtp-failure.js';
import { MailFailure, type MailMessage, MailTransport } from './transport.js';

/** The whole of one attempt, in milliseconds; also a server that sends a byte a second ends here. */
export const LONGEST_ATTEMPT = 30_000;

/** One bare address: nothing that a parser could take for two, for a header or for a command. */
const BARE_ADDRESS = /^[^\s\p{Cc}"'(),:;<>@[\\\]]+@[^\s\p{Cc}"'(),:;<>@[\\\]]+$/u;

/** Sends by SMTP, one connection a mail. */
@Injectable()
export class SmtpTransport extends MailTransport {
  readonly parallel = 4;
  readonly destination: string;
  readonly #url: URL;
  #mailer: Promise<Transporter> | undefined;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    super();
    this.#url = new URL(config.smtpUrl!);
    this.destination = `${this.#url.protocol}//${this.#url.host}`;
  }

  async send(message: MailMessage): Promise<void> {
    if (!BARE_ADDRESS.test(message.to)) throw new MailFailure('permanent', 'invalid recipient');
    const mailer = await (this.#mailer ??= this.#connect());
    const from = parseMailbox(this.config.mailFrom);
    const to = { name: '', address: message.to };
    try {
      await mailer.sendMail({
        from,
        to,
        envelope: { from, to },
        subject: message.subject,
        text: message.text,
        html: message.html,
        date: this.clock.now(),
        // The same at every attempt: a mail that arrives twice is recognised as one.
        messageId: `<${message.id}@${from.address.split('@')[1]!}>`,
        // RFC 3834 section 5: keeps "out of office" answers away.
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: AbortSignal.timeout(LONGEST_ATTEMPT),
      });
    } catch (error) {
      throw classify(error);
    }
  }

  /**
   * Connects, signs in and leaves again, without a mail.
   *
   * @throws MailFailure
   */
  async greet(): Promise<void> {
    const mailer = await (this.#mailer ??= this.#connect());
    try {
      await mailer.verify();
    } catch (error) {
      throw classify(error);
    }
  }

  /** Only the parts of SMTP_URL that name the server and the user count: no options in its query. */
  async #connect(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const url = this.#url;
    const required = this.config.smtpTls === 'required';
    const implicit = url.protocol === 'smtps:';
    return createTransport({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (implicit ? 465 : 587),
      secure: implicit,
      ...(url.username === ''
        ? {}
        : {
            auth: {
              user: decodeURIComponent(url.username),
              pass: decodeURIComponent(url.password),
            },
          }),
      requireTLS: required,
      // RFC 7435: encryption that is only taken when offered need not be authenticated either.
      tls: { rejectUnauthorized: required || implicit },
      dnsTimeout: 5000,
      connectionTimeout: 5000,
      greetingTimeout: 5000,
      socketTimeout: 10_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}

/** MAIL_FROM, which was checked at start: `Name <box@host>` or `box@host`. */
function parseMailbox(text: string): { name: string; address: string } {
  const match = /^(.*)<([^<>]+)>$/.exec(text);
  return match ? { name: match[1]!.trim(), address: match[2]! } : { name: '', address: text };
}
