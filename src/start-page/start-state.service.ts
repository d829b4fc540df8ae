import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { AccessReviewService } from '../access-review/access-review.service.js';
import { Sessions } from '../auth/sessions/sessions.js';
import { SigningKeys } from '../auth/tokens/signing-keys.js';
import { Clock } from '../clock.js';
import { Config } from '../config/config.js';
import { MailState } from '../mail/outbox/mail-state.js';
import { type AccountFilter } from '../users/account-filter.js';
import { Accounts } from '../users/accounts.js';
import { ADMIN_ROLE, Administrators } from '../users/administrators.js';
import { type Part, type StartState, type StepsDone } from './start-state.js';

/** Sees how far a newcomer has come. A step once seen stays done, whatever is deleted later. */
@Injectable()
export class StartStateService implements OnModuleInit {
  readonly #seen: StepsDone = {
    administrator: false,
    registered: false,
    mailRead: false,
    signedIn: false,
    closedRoute: false,
  };
  #hasAdministrator = false;
  #mailsWaiting = 0;
  #reviewDue: Date | null = null;

  constructor(
    private readonly adapterHost: HttpAdapterHost<FastifyAdapter>,
    private readonly config: Config,
    private readonly mail: MailState,
    private readonly keys: SigningKeys,
    private readonly administrators: Administrators,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly reviews: AccessReviewService,
    private readonly clock: Clock,
  ) {}

  /** Watches for the first answer a closed route gives to someone signed in. */
  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance();
    fastify.addHook('onResponse', (request, reply, done) => {
      if (!this.#seen.closedRoute && request.principal && reply.statusCode < 300) {
        this.#seen.closedRoute = true;
      }
      done();
    });
  }

  async state(): Promise<StartState> {
    const database = await this.#look();
    const { kid, alg } = this.keys.active();
    return {
      database,
      keys: { ok: true, text: `${alg}, ${kid.slice(0, 8)}…` },
      mail: this.#mail(),
      administrator: this.#hasAdministrator
        ? { ok: true, text: 'There is one' }
        : { ok: false, text: 'None yet: step 1' },
      review: this.#review(),
      steps: { ...this.#seen },
    };
  }

  /** Asks the database; when it cannot be read, what was seen before stands. */
  async #look(): Promise<Part> {
    try {
      this.#hasAdministrator = await this.administrators.exists();
      this.#mailsWaiting = await this.mail.waiting();
      this.#reviewDue = (await this.reviews.due()).nextReviewDue;
      this.#seen.administrator ||= this.#hasAdministrator;
      this.#seen.registered ||= await this.#anyOther({});
      this.#seen.mailRead ||= await this.#anyOther({ status: 'active' });
      this.#seen.signedIn ||= await this.sessions.any();
      return { ok: true, text: 'SQLite, up to date' };
    } catch {
      return { ok: false, text: 'Cannot be read' };
    }
  }

  /** Whether someone beside the administrators is among these accounts. */
  async #anyOther(accounts: AccountFilter): Promise<boolean> {
    const all = await this.accounts.count(accounts);
    return all > (await this.accounts.count({ ...accounts, role: ADMIN_ROLE }));
  }

  #mail(): Part {
    const way = this.config.smtpUrl === undefined ? 'Captured, not sent' : 'Sent by SMTP';
    const waiting = this.#mailsWaiting;
    return { ok: true, text: waiting === 0 ? way : `${way}; ${waiting} waiting` };
  }

  #review(): Part {
    const due = this.#reviewDue;
    if (due === null) return { ok: true, text: 'Nobody yet' };
    const day = due.toISOString().slice(0, 10);
    return due <= this.clock.now()
      ? { ok: false, text: `Due since ${day}` }
      : { ok: true, text: `Due ${day}` };
  }
}
