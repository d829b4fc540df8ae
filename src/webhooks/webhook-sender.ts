import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { literalAddress } from '../common/http/public-address.js';
import { Config } from '../config/config.js';
import { ForbiddenAddress, guardedLookup, mayBeReached } from './guarded-lookup.js';
import { signedFields } from './signature.js';

/** How long one attempt may take from the look-up of the name to the head of the answer. */
export const LONGEST_ATTEMPT = 5000;

/** Why a message did not arrive. Its message is short and safe to show: no address, no secret. */
export class WebhookFailure extends Error {
  constructor(
    reason: string,
    /** That it is of no use to try again. */
    readonly final = false,
  ) {
    super(reason);
  }
}

/** Sends one message to WEBHOOK_URL. */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves when the receiver answered 2xx. No redirect is followed, and nothing of the answer but
   * its status is read.
   *
   * @throws WebhookFailure
   */
  async send(id: string, body: string): Promise<void> {
    const { webhook } = this.config;
    if (!webhook) throw new WebhookFailure('no receiver');
    const status = await this.#post(new URL(webhook.url), body, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Latchkey',
      ...signedFields(webhook.key, id, this.clock.now(), body),
    });
    if (status >= 200 && status < 300) return;
    // Standard Webhooks: 410 says that nobody wants messages there any more.
    throw new WebhookFailure(`status ${status}`, status === 410);
  }

  #post(url: URL, body: string, headers: Record<string, string>): Promise<number> {
    const loopbackToo = this.config.mode === 'development';
    const address = literalAddress(url); // of which no lookup is made
    if (address !== undefined && !mayBeReached(address, loopbackToo)) {
      return Promise.reject(new WebhookFailure(new ForbiddenAddress().message));
    }
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send(url, {
        method: 'POST',
        headers,
        agent: false, // a kept connection would be one that was checked long ago
        lookup: guardedLookup(loopbackToo),
        signal: AbortSignal.timeout(LONGEST_ATTEMPT),
      });
      request.on('response', (response) => {
        resolve(response.statusCode!);
        response.on('error', () => {}).destroy();
      });
      request.on('error', (error) => reject(new WebhookFailure(reasonOf(error))));
      request.end(body);
    });
  }
}

function reasonOf(error: Error & { code?: string }): string {
  if (error instanceof ForbiddenAddress) return error.message;
  if (error.name === 'AbortError') return 'timeout';
  return error.code ?? 'connection failed';
}
