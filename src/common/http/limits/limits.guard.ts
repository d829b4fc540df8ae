import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientNetwork } from '../client-network.js';
import { isLimitedBy } from './limited-by.decorator.js';
import { limitItem, policyItem, rateLimited } from './rate-limit-fields.js';
import type { WindowStorage } from './window-storage.js';

interface Limit {
  name: string;
  count: number;
  windowMs: number;
}

/** What never changes about a route. */
interface Route {
  limits: Limit[];
  policy: string;
}

const ALLOWED = Promise.resolve(true);

/**
 * Counts each request against the limits of its route, per network, before anything else looks at
 * it.
 *
 * Every request passes here, so nothing is looked up twice and nothing is awaited. ThrottlerGuard
 * reads the decorators of the route, computes a SHA-256 and awaits six times for each limit and
 * request, which costs as much as checking an access token.
 */
@Injectable()
export class LimitsGuard extends ThrottlerGuard {
  declare protected readonly storageService: WindowStorage;
  readonly #routes = new WeakMap<object, Route>();

  /** @throws Problem rate_limited */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    const { limits, policy } = this.#routeOf(context);
    if (limits.length === 0) return ALLOWED;
    const network = clientNetwork(context.switchToHttp().getRequest<FastifyRequest>().ip);
    const left = limits.map((limit) => this.#count(limit, network)).join(', ');
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    void reply.header('ratelimit-policy', policy).header('ratelimit', left);
    return ALLOWED;
  }

  #count(limit: Limit, network: string): string {
    const { name, count, windowMs } = limit;
    const hit = this.storageService.hit(network, name, count, windowMs);
    if (hit.isBlocked) throw rateLimited(name, limit, hit.timeToBlockExpire);
    return limitItem(name, count - hit.totalHits, hit.timeToExpire);
  }

  #routeOf(context: ExecutionContext): Route {
    const handler = context.getHandler();
    let route = this.#routes.get(handler);
    if (!route) this.#routes.set(handler, (route = this.#readRoute(context)));
    return route;
  }

  #readRoute(context: ExecutionContext): Route {
    const limits = this.throttlers
      .map(({ name, limit, ttl }) => ({ name, count: limit, windowMs: ttl }) as Limit)
      .filter(({ name }) => isLimitedBy(name, context, this.reflector));
    return { limits, policy: limits.map((limit) => policyItem(limit.name, limit)).join(', ') };
  }
}
