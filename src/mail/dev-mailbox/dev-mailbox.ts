import { setMaxListeners } from 'node:events';
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
  ) {
    setMaxListeners(0, this.#closing.signal); // one for each request that waits
  }

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
    for (;;) {
      const left = until - performance.now();
      const lastLook = left <= 0 || gone.aborted || this.#closing.signal.aborted;
      if (lastLook || (await this.outbox.underWay(recipientKey)) === 0) {
        const [newest] = await this.mails.list(recipientKey, undefined, 1);
        if (newest !== undefined || lastLook) return newest;
      } else {
        this.worker.hurry();
      }
      await this.#somethingNew(Math.min(left, LOOK), gone);
    }
  }

  /** Resolves when a mail was kept, `ms` have passed, `gone` is aborted or the server stops. */
  #somethingNew(ms: number, gone: AbortSignal): Promise<void> {
    // Not AbortSignal.any: what that makes stays with the longest-lived signal for good on Node 20.
    const ends = [gone, this.#closing.signal];
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stopListening();
        for (const end of ends) end.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      const stopListening = this.mails.onKept(done);
      for (const end of ends) end.addEventListener('abort', done);
    });
  }
}
