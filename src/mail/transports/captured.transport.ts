import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { CapturedMails } from '../dev-mailbox/captured-mails.js';
import { type MailMessage, MailTransport } from './transport.js';

/** Development without a mail server: mail is kept and shown at /dev/mail instead of sent. */
@Injectable()
export class CapturedTransport extends MailTransport {
  /** One at a time, so that the newest mail is the one that was sent last. */
  readonly parallel = 1;
  readonly destination: string;

  constructor(
    config: Config,
    private readonly mails: CapturedMails,
  ) {
    super();
    this.destination = `${config.publicUrl}/dev/mail`;
  }

  async send(message: MailMessage): Promise<void> {
    await this.mails.keep(message);
  }
}
