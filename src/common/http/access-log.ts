import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Logger, symbols } from 'pino';
import { timestamp } from '../log.js';
import { clientAddress } from './client-network.js';
import type { Route } from './routes.js';

/**
 * One line for each request, as pino would write it for an object of these facts. Put together
 * here because pino's way costs as much as the routing; nothing in it needs escaping: ids, an
 * address that was parsed, and words of our own.
 */
export class AccessLog {
  readonly #out: { write(line: string): void };
  /** Patterns of routes as JSON. */
  readonly #patterns = new Map<string | undefined, string>();

  constructor(private readonly log: Logger) {
    this.#out = (log as unknown as Record<symbol, { write(line: string): void }>)[
      symbols.streamSym
    ]!;
  }

  /** @param ms how long it took */
  note(request: FastifyRequest, reply: FastifyReply, route: Route, ms: number): void {
    const level = route.config.quiet ? 'debug' : 'info';
    if (!this.log.isLevelEnabled(level)) return;
    const { principal, problemCode } = request;
    const ip = clientAddress(request.ip);
    this.#out.write(
      `{"level":"${level}"${timestamp()},"requestId":"${request.id}","method":"${request.method}"` +
        // The pattern, not the path: ids and whatever else a stranger puts there stay out of it.
        `,"route":${this.#pattern(route.url)},"status":${reply.statusCode}` +
        `,"ms":${Math.round(ms * 10) / 10},"ip":${ip === null ? 'null' : `"${ip}"`}` +
        (principal ? `,"userId":"${principal.userId}","scheme":"${principal.scheme}"` : '') +
        (principal?.apiKeyId === undefined ? '' : `,"apiKey":"${principal.apiKeyId}"`) +
        (problemCode === undefined ? '' : `,"code":"${problemCode}"`) +
        '}\n',
    );
  }

  #pattern(url: string | undefined): string {
    let pattern = this.#patterns.get(url);
    if (pattern === undefined) this.#patterns.set(url, (pattern = JSON.stringify(url ?? null)));
    return pattern;
  }
}
