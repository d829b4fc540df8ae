import { Injectable } from '@nestjs/common';
import { MailTransport } from '../transports/transport.js';
import { Outbox } from './outbox.js';

/** Where mail goes and how much of it waits, for the banner and the start page. */
@Injectable()
export class MailState {
  constructor(
    private readonly transport: MailTransport,
    private readonly outbox: Outbox,
  ) {}

  /** For people, without credentials. */
  get destination(): string {
    return this.transport.destination;
  }

  /** Mails asked for and not yet sent, dropped or given up. */
  waiting(): Promise<number> {
    return this.outbox.underWay();
  }
}
