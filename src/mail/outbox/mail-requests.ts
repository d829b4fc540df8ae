import { Injectable } from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import { SecurityEvents } from '../../common/security-events.js';
import { Config } from '../../config/config.js';
import {
  type DecidedMail,
  type MailRequestKind,
  Outbox,
  type RequestedMail,
  type RequestFacts,
} from './outbox.js';

/**
 * Says what a request for a mail to this address is answered with; undefined: nothing. It runs in
 * the transaction that writes the mail, and may make the one-time token the mail holds there.
 */
export type MailDecision = (
  recipientKey: string,
  facts: RequestFacts,
) => Promise<DecidedMail | undefined>;

/**
 * Decides requests for mail ({@link Outbox.request}) apart from the request of whoever asked:
 * neither the answer nor its time can tell whether an address is known. Each kind of mail is
 * decided by the capability it belongs to, which registers here when its module starts.
 */
@Injectable()
export class MailRequests {
  readonly #decisions = new Map<string, MailDecision>();

  constructor(
    private readonly outbox: Outbox,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly events: SecurityEvents,
  ) {}

  /** Registers who decides requests for this kind of mail. Call it in `onModuleInit`. */
  decide(kind: MailRequestKind, decision: MailDecision): void {
    if (this.#decisions.has(kind)) throw new Error(`${kind} has two who decide it.`);
    this.#decisions.set(kind, decision);
  }

  /** @throws what the decision throws; the request then stands undecided */
  answer(mail: RequestedMail): Promise<'queued' | 'dropped' | 'decided-elsewhere'> {
    return this.outbox.decide(mail.id, async () => {
      const decision = this.#decisions.get(mail.template);
      if (decision === undefined) throw new Error(`Nobody decides requests for ${mail.template}.`);
      if (await this.#tooMany(mail)) {
        this.events.emit('limit.refused', { limit: 'mail' });
        return undefined;
      }
      return decision(mail.recipientKey, this.outbox.factsOf(mail));
    });
  }

  /**
   * True when strangers have caused as many mails of this kind to the address as they may. The
   * decision is then not even asked: it would replace the token of the mail that did arrive. Each
   * kind is counted apart: registering an address must not use up its owner's resets.
   */
  async #tooMany(mail: RequestedMail): Promise<boolean> {
    if (!this.config.rateLimits) return false;
    const { count, windowMs } = this.config.limits.mail;
    const since = later(this.clock.now(), -windowMs);
    return (await this.outbox.countMailed(mail.recipientKey, mail.template, since)) >= count;
  }
}
