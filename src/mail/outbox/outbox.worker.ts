import { AsyncResource } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import { Config } from '../../config/config.js';
import { MailFailure, MailTransport } from '../transports/transport.js';
import type { FilledTemplate } from '../templates/mail-templates.js';
import { isHopeless, LONGEST_PAUSE, mailPause, serverPause } from './backoff.js';
import { MailRequests } from './mail-requests.js';
import { messageOf, wireAddress } from './message.js';
import { type ClaimedMail, Outbox } from './outbox.js';
import { RunAgain } from '../../common/run-again.js';

/**
 * How long new work waits, in milliseconds, by chance: a decision takes longer for a known address
 * than for an unknown one, which the next request of whoever caused it must not feel.
 */
const PAUSE = { least: 50, most: 250 };
/** How often to look for mails of other processes and of processes that died, in milliseconds. */
export const LOOK = 5000;
/** How long shutting down waits for mails that are being sent. */
const LAST_SENDS = 5000;

/**
 * Empties the outbox: decides what was requested and sends what is queued. Several processes may
 * do so at once; each mail is claimed by one of them.
 */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('mail');
  readonly #decisions = new RunAgain(() => this.#decideAll());
  readonly #sends = new RunAgain(() => this.#sendAll());
  // What runs here belongs to no request, also when one has woken it: an audit line written by a
  // decision must not name the stranger who happened to come along.
  readonly #wake = AsyncResource.bind(() => void this.drain());
  #look: NodeJS.Timeout | undefined;
  #pausing: NodeJS.Timeout | undefined;
  #soon: { timer: NodeJS.Timeout; at: Date } | undefined;
  /** Failures of the mail server in a row, and until when no mail is tried because of them. */
  #failures = 0;
  #pausedUntil = new Date(0);
  #stopped = false;

  constructor(
    private readonly outbox: Outbox,
    private readonly requests: MailRequests,
    private readonly transport: MailTransport,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.outbox.onWork(() => this.#wakeSoon());
    this.#look = setInterval(this.#wake, LOOK).unref();
    this.#wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#look);
    clearTimeout(this.#pausing);
    clearTimeout(this.#soon?.timer);
    await Promise.race([
      Promise.all([this.#decisions.idle(), this.#sends.idle()]),
      sleep(LAST_SENDS, undefined, { ref: false }),
    ]);
  }

  /** Resolves when nothing is due any more: all decided, sent, or put off to a later time. */
  async drain(): Promise<void> {
    await this.#decisions.run();
    await this.#sends.run();
  }

  /** Goes to work at once, without the pause: for whoever waits for a mail of their own. */
  hurry(): void {
    if (!this.#stopped) this.#wake();
  }

  #wakeSoon(): void {
    if (this.#stopped) return;
    this.#pausing ??= setTimeout(
      () => {
        this.#pausing = undefined;
        this.#wake();
      },
      randomInt(PAUSE.least, PAUSE.most + 1),
    ).unref();
  }

  async #decideAll(): Promise<void> {
    await this.#guarded(async () => {
      // What is asked for meanwhile has its own pause before it.
      const begun = this.clock.now();
      while (!this.#stopped) {
        const mail = await this.outbox.nextRequested(begun);
        if (mail === undefined) return;
        const facts = { mailId: mail.id, template: mail.template };
        try {
          const outcome = await this.requests.answer(mail);
          if (outcome === 'queued') void this.#sends.run();
          if (outcome === 'dropped') this.#log.log({ ...facts, outcome });
        } catch (error) {
          this.#log.error({ ...facts, outcome: 'undecided', err: error });
          if (isHopeless(mail.createdAt, this.clock.now())) await this.outbox.buryRequest(mail);
          else await this.outbox.postponeDecision(mail, this.#in(mailPause(mail.attempts + 1)));
        }
        await nextTurn(); // SQLite is done at once: without a pause no request would be read
      }
    });
  }

  async #sendAll(): Promise<void> {
    await this.#guarded(async () => {
      // After a failure of the server one mail goes ahead and tries.
      if (this.#failures > 0 && !(await this.#sendNext())) return;
      const lane = (): Promise<void> =>
        this.#guarded(async () => {
          while (await this.#sendNext()) await nextTurn();
        });
      await Promise.all(Array.from({ length: this.transport.parallel }, lane));
    });
  }

  /** False when there was nothing to send, or nothing may be sent now. */
  async #sendNext(): Promise<boolean> {
    if (this.#stopped || this.#isPaused()) return false;
    const mail = await this.outbox.claim();
    if (mail === undefined) return false;

    let filled: FilledTemplate;
    try {
      filled = this.outbox.open(mail);
    } catch {
      await this.outbox.bury(mail, 'undecryptable', 'keep');
      this.#log.error({
        mailId: mail.id,
        template: mail.template,
        outcome: 'dead',
        reason: 'undecryptable',
      });
      return true;
    }
    const facts = { mailId: mail.id, template: filled.template };
    try {
      const to = wireAddress(mail.recipient, mail.recipientKey);
      if (to === undefined) throw new MailFailure('permanent', 'invalid recipient');
      await this.transport.send(messageOf(mail, to, filled, this.config.publicUrl));
    } catch (error) {
      await this.#failed(mail, facts, error);
      return true;
    }
    this.#failures = 0;
    await this.outbox.markSent(mail);
    this.#log.log({ ...facts, outcome: 'sent' });
    return true;
  }

  async #failed(mail: ClaimedMail, facts: object, error: unknown): Promise<void> {
    // What is no MailFailure is a fault of ours, most likely met by this mail alone.
    const { kind, reason } =
      error instanceof MailFailure ? error : new MailFailure('temporary', 'internal error');
    if (!(error instanceof MailFailure)) this.#log.error({ ...facts, err: error });

    if (kind === 'unreachable') {
      const until = this.#pause();
      await this.outbox.postpone(mail, until, false, reason);
      this.#log.warn({ ...facts, outcome: 'server unreachable', reason, nextAttemptAt: until });
      return;
    }
    // The server answered: whatever it thinks of this mail, it is back.
    this.#failures = 0;
    if (kind === 'permanent' || isHopeless(mail.createdAt, this.clock.now())) {
      await this.outbox.bury(mail, reason);
      this.#log.error({ ...facts, outcome: 'dead', reason });
      return;
    }
    const at = this.#in(mailPause(mail.attempts + 1));
    await this.outbox.postpone(mail, at, true, reason);
    this.#log.warn({ ...facts, outcome: 'put off', reason, nextAttemptAt: at });
  }

  /** Until when all mail waits. Mails that failed at the same time are one failure, not several. */
  #pause(): Date {
    if (!this.#isPaused()) {
      this.#failures++;
      this.#pausedUntil = this.#in(serverPause(this.#failures));
    }
    return this.#pausedUntil;
  }

  /** A pause that would still last long was begun before the clock was set back. */
  #isPaused(): boolean {
    const now = this.clock.now();
    return now < this.#pausedUntil && this.#pausedUntil <= later(now, LONGEST_PAUSE);
  }

  /** The time `ms` from now; the worker looks again then, or a little later if much is put off. */
  #in(ms: number): Date {
    const at = later(this.clock.now(), ms);
    if (!this.#stopped && (this.#soon === undefined || at < this.#soon.at)) {
      clearTimeout(this.#soon?.timer);
      const again = (): void => {
        this.#soon = undefined;
        void this.drain();
      };
      this.#soon = { at, timer: setTimeout(again, ms).unref() };
    }
    return at;
  }

  /** A database that does not answer stops this run; the next one goes on where it stopped. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.error({ outcome: 'interrupted', err: error });
    }
  }
}
