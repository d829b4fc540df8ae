import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Problem, problemBody } from '../common/errors/problem.js';
import { TEXT_FORMAT } from '../common/metrics/text-format.js';
import { Config } from '../config/config.js';
import { Metrics } from './metrics.js';

/** Scrapers are few; who opens more connections than this wants something else. */
const MAX_CONNECTIONS = 50;

/** METRICS_PORT: a port of its own that answers GET /metrics, to whoever reaches it. */
@Injectable()
export class MetricsListener implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('Metrics');
  readonly #server = createServer(
    {
      requestTimeout: 10_000,
      headersTimeout: 10_000,
      connectionsCheckingInterval: 2000,
      maxHeaderSize: 16_384,
    },
    (request, response) => void this.#answer(request, response),
  );

  constructor(
    private readonly metrics: Metrics,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { host, metricsPort } = this.config;
    if (metricsPort === undefined) return;
    this.#server.maxConnections = MAX_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(metricsPort, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#log.log({ metrics: `http://${host}:${this.port}/metrics` });
  }

  onApplicationShutdown(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Where it listens; undefined: nowhere. */
  get port(): number | undefined {
    return (this.#server.address() as AddressInfo | null)?.port;
  }

  async #answer({ url, method }: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    if (url?.split('?')[0] !== '/metrics') {
      this.#refuse(response, new Problem('not_found'));
    } else if (method !== 'GET' && method !== 'HEAD') {
      this.#refuse(
        response,
        new Problem('method_not_allowed', { headers: { allow: 'GET, HEAD' } }),
      );
    } else {
      const text = await this.metrics.text(); // never fails: it leaves out what it cannot read
      response.writeHead(200, { 'content-type': TEXT_FORMAT }).end(text);
    }
  }

  #refuse(response: ServerResponse, problem: Problem): void {
    const body = problemBody(problem, this.config.publicUrl, randomUUID());
    response
      .writeHead(problem.statusCode, {
        ...problem.headers,
        'content-type': 'application/problem+json; charset=utf-8',
      })
      .end(JSON.stringify(body));
  }
}
