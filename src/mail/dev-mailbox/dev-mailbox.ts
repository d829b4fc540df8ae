import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Outbox } from '../outbox/outbox.js';
import { OutboxWorker } from '../outbox/outbox.worker.js';
import { CapturedMails, type KeptMail } from './captured-mails.js';

/** How often to look again whether a mail that was under way has been decided against, in milliseconds. */
const LOOK = 250;

/** Lets whoever tries the server out read what it would have mailed. */
@Injectable()
export class DevMailbox implements BeforeApplicationShutdown {
  readonly #closing = new AbortController();

  constructor(
    private readonly mails: CapturedMails,
    private readonly outbox: Outbox,
    private readonly worker: OutboxWorker,
  ) {}

  beforeApplicationShutdown(): void {
    this.#closing.abort();
  }

  /**
   * The newest mail, waited for while there is none or while one is under way: what a request has
   * just caused is found, not the mail before it.
   *
   * @param recipientKey canonical address; undefined: of anyone
   * @param waitMs how long to wait at most
   * @param gone aborted when nobody waits for the answer any more
   */
  async latest(
    recipientKey: string | undefined,
    waitMs: number,
    gone: AbortSignal,
  ): Promise<KeptMail | undefined> {
    const until = performance.now() + waitMs;
    const ended = AbortSignal.any([this.#closing.signal, gone]);
    for (;;) {
      const left = until - performance.now();
      const lastLook = left <= 0 || ended.aborted;
      if (lastLook || (await this.outbox.underWay(recipientKey)) === 0) {
        const [newest] = await this.mails.list(recipientKey, undefined, 1);
        if (newest !== undefined || lastLook) return newest;
      } else {
        this.worker.hurry();
      }
      await this.#somethingNew(Math.min(left, LOOK), ended);
    }
  }

  /** Resolves when a mail was kept, `ms` have passed, or `ended` is aborted. */
  #somethingNew(ms: number, ended: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stopListening();
        ended.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      const stopListening = this.mails.onKept(done);
      ended.addEventListener('abort', done);
    });
  }
}
