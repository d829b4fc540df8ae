import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';

export const KEY = Buffer.from('a key of thirty-two bytes, exact');
/** WEBHOOK_SECRET of whoever tells a {@link Receiver}. */
export const SECRET = `whsec_${KEY.toString('base64')}`;

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Somebody who wants to be told: answers with the next status it was given, else 204. */
export class Receiver {
  readonly received: Received[] = [];
  /** undefined: no answer at all. */
  readonly answers: ({ status: number; headers?: Record<string, string> } | undefined)[] = [];
  /** That each answer has a body without an end. */
  endless = false;

  private constructor(private readonly http: Server) {}

  static async start(): Promise<Receiver> {
    const http = createServer();
    const receiver = new Receiver(http);
    http.on('request', (request, response) => {
      void text(request).then((body) => {
        receiver.received.push({ path: request.url!, headers: request.headers, body });
        receiver.#answer(response);
      });
    });
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    return receiver;
  }

  #answer(response: ServerResponse): void {
    const answer = this.answers.length > 0 ? this.answers.shift() : { status: 204 };
    if (!answer) return;
    response.writeHead(this.endless ? 200 : answer.status, answer.headers ?? {});
    if (!this.endless) response.end();
    else while (!response.destroyed && response.write('x'.repeat(65_536)));
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  stop(): void {
    this.http.closeAllConnections();
    this.http.close();
  }
}

/** As Standard Webhooks tell a receiver to. */
export function verified({ headers, body }: Received, now: Date): any {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`]),
  ) as [string, string, string];
  expect(Math.abs(now.getTime() / 1000 - Number(timestamp))).toBeLessThan(300);
  const expected = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest();
  const fits = signatures.split(' ').some((signature) => {
    const [version, mac] = signature.split(',');
    const given = Buffer.from(mac ?? '', 'base64');
    return version === 'v1' && given.length === 32 && timingSafeEqual(given, expected);
  });
  expect(fits).toBe(true);
  return JSON.parse(body);
}
