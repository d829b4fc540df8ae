import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { CapturedMails } from './dev-mailbox/captured-mails.js';
import { DevMailController } from './dev-mailbox/dev-mail.controller.js';
import { DevMailbox } from './dev-mailbox/dev-mailbox.js';
import { MailRequests } from './outbox/mail-requests.js';
import { MailState } from './outbox/mail-state.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxWorker } from './outbox/outbox.worker.js';
import { CapturedTransport } from './transports/captured.transport.js';
import { SmtpTransport } from './transports/smtp.transport.js';
import { MailTransport } from './transports/transport.js';

/**
 * Mail: written into the outbox with the change that causes it, sent later by the worker, over
 * SMTP or, in development without a mail server, into the mailbox at /dev/mail. Who gets which
 * mail is decided by the capability it belongs to; this module knows no accounts and no tokens.
 */
@Global()
@Module({})
export class MailModule {
  static with(config: Config): DynamicModule {
    const core = [Outbox, MailRequests, OutboxWorker, MailState, CapturedMails];
    if (config.smtpUrl !== undefined || config.mode !== 'development') {
      return {
        module: MailModule,
        providers: [...core, { provide: MailTransport, useClass: SmtpTransport }],
        exports: core,
      };
    }
    return {
      module: MailModule,
      controllers: [DevMailController],
      providers: [...core, { provide: MailTransport, useClass: CapturedTransport }, DevMailbox],
      exports: core,
    };
  }
}
