import { AsyncResource } from 'node:async_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock, later } from '../clock.js';
import { RunAgain } from '../common/run-again.js';
import { Config } from '../config/config.js';
import { pauseAfter } from './backoff.js';
import { type ClaimedWebhook, Webhooks } from './webhooks.js';
import { LONGEST_ATTEMPT, WebhookFailure, WebhookSender } from './webhook-sender.js';

/** How often to look for messages that are due again, or of processes that died, in milliseconds. */
const LOOK = 5000;

/**
 * Sends what is queued for WEBHOOK_URL, one message after the other. Several processes may do so at
 * once; each message is claimed by one of them. A receiver that saw a message and failed to say so
 * sees it again, with the same `webhook-id`.
 */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('webhook');
  readonly #sends = new RunAgain(() => this.#sendAll());
  // What runs here belongs to no request, also when one has woken it.
  readonly #wake = AsyncResource.bind(() => void this.drain());
  #look: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly webhooks: Webhooks,
    private readonly sender: WebhookSender,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.webhook) return;
    this.webhooks.onWork(this.#wake);
    this.#look = setInterval(this.#wake, LOOK).unref();
    this.#wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#look);
    await Promise.race([this.#sends.idle(), sleep(LONGEST_ATTEMPT, undefined, { ref: false })]);
  }

  /** Resolves when nothing is due any more: all sent, given up or put off to a later time. */
  drain(): Promise<void> {
    return this.#sends.run();
  }

  /** A database that does not answer stops this run; the next one goes on where it stopped. */
  async #sendAll(): Promise<void> {
    try {
      while (!this.#stopped) {
        const message = await this.webhooks.claim();
        if (message === undefined) return;
        await this.#send(message);
        await nextTurn(); // SQLite is done at once: without a pause no request would be read
      }
    } catch (error) {
      this.#log.error({ outcome: 'interrupted', err: error });
    }
  }

  async #send(message: ClaimedWebhook): Promise<void> {
    const facts = { webhookId: message.id };
    try {
      await this.sender.send(message.id, message.body);
    } catch (error) {
      // What is no WebhookFailure is a fault of ours: it counts, or it would be met without end.
      const known = error instanceof WebhookFailure;
      if (!known) this.#log.error({ ...facts, err: error });
      await this.#failed(message, known ? error : new WebhookFailure('internal error'));
      return;
    }
    await this.webhooks.markDelivered(message);
    this.#log.log({ ...facts, outcome: 'delivered' });
  }

  async #failed(
    message: ClaimedWebhook,
    { message: reason, final }: WebhookFailure,
  ): Promise<void> {
    const facts = { webhookId: message.id, reason };
    const pause = pauseAfter(message.attempts + 1);
    if (final || pause === undefined) {
      await this.webhooks.bury(message, reason);
      this.#log.error({ ...facts, outcome: 'dead' });
      return;
    }
    const at = later(this.clock.now(), pause);
    await this.webhooks.postpone(message, at, reason);
    this.#log.warn({ ...facts, outcome: 'put off', nextAttemptAt: at });
  }
}
