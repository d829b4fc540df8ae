import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../../clock.js';
import type { Rate } from '../../../config/config.js';
import { type LimitName, SecurityEvents } from '../../security-events.js';
import type { Problem } from '../../errors/problem.js';
import { clientNetwork } from '../client-network.js';
import { EVERY_ROUTE, isLimitedBy } from './limited-by.decorator.js';
import { LimitCounts } from './limit-counts.js';
import { LimitKeys } from './limit-keys.js';
import { limitItem, policyItem, rateLimited, secondsUntil } from './rate-limit-fields.js';
import type { WindowStorage } from './window-storage.js';

interface Limit extends Rate {
  readonly name: LimitName;
}

/** What never changes about a route. */
interface Route {
  /** Counted here, in memory. */
  own: Limit[];
  /** Counted by all processes together, in the database. */
  shared: Limit[];
  policy: string;
}

/** Nest takes a boolean, too, and at once; a promise it would await, and ThrottlerGuard asks for one. */
const ALLOWED = true as unknown as Promise<boolean>;

/**
 * Counts each request against the limits of its route, per network, before anything else looks at
 * it.
 *
 * Every request passes here, so a route is read once and nothing is awaited. ThrottlerGuard reads
 * the decorators and awaits a dozen promises each time: measured, five times the cost of this.
 */
@Injectable()
export class LimitsGuard extends ThrottlerGuard {
  declare protected readonly storageService: WindowStorage;
  readonly #routes = new WeakMap<object, Route>();
  @Inject() private readonly counts!: LimitCounts;
  @Inject() private readonly keys!: LimitKeys;
  @Inject() private readonly events!: SecurityEvents;
  @Inject() private readonly clock!: Clock;

  /** @throws Problem rate_limited */
  override canActivate(context: ExecutionContext): Promise<boolean> {
    const { own, shared, policy } = this.#routeOf(context);
    if (own.length === 0) return ALLOWED;
    const [request, reply] = context.getArgs<[FastifyRequest, FastifyReply]>();
    const network = clientNetwork(request.ip);
    let left = this.#count(own[0]!, network);
    for (let i = 1; i < own.length; i++) left += `, ${this.#count(own[i]!, network)}`;
    void reply.header('ratelimit-policy', policy).header('ratelimit', left);
    return shared.length === 0 ? ALLOWED : this.#countShared(shared, network, left, reply);
  }

  #count(limit: Limit, network: string): string {
    const { name, count, windowMs } = limit;
    const hit = this.storageService.hit(network, name, count, windowMs);
    if (hit.isBlocked) throw this.#refused(limit, network, hit.timeToBlockExpire);
    return limitItem(name, count - hit.totalHits, hit.timeToExpire);
  }

  async #countShared(
    shared: Limit[],
    network: string,
    left: string,
    reply: FastifyReply,
  ): Promise<boolean> {
    for (const limit of shared) {
      const now = this.clock.now().getTime();
      const key = this.keys.of(limit.name, network);
      const window = await this.counts.hit(key, limit.name, limit, now);
      const seconds = secondsUntil(window.endsAt, now);
      if (window.count > limit.count) throw this.#refused(limit, network, seconds);
      left += `, ${limitItem(limit.name, limit.count - window.count, seconds)}`;
    }
    void reply.header('ratelimit', left);
    return true;
  }

  #refused(limit: Limit, network: string, seconds: number): Problem {
    this.events.emit('limit.refused', { limit: limit.name, network });
    return rateLimited(limit.name, limit, seconds);
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
    return {
      own: limits.filter(({ name }) => name === EVERY_ROUTE),
      shared: limits.filter(({ name }) => name !== EVERY_ROUTE),
      policy: limits.map((limit) => policyItem(limit.name, limit)).join(', '),
    };
  }
}
