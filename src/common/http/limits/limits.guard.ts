import { Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientNetwork } from '../client-network.js';
import { limitItem, policyItem, rateLimited } from './rate-limit-fields.js';

/**
 * Counts each request against the limits of its route, per network, before anything else looks at
 * it. `@SkipThrottle({ general: true })` exempts a route.
 *
 * Replaces what ThrottlerGuard does for each limit: its key is a SHA-256 per route and request, and
 * its headers are those of no standard.
 */
@Injectable()
export class LimitsGuard extends ThrottlerGuard {
  readonly #policies = new Map<string, string>();

  /** @throws Problem rate_limited */
  protected override async handleRequest(props: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, blockDuration, throttler } = props;
    const name = throttler.name!;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();

    const key = clientNetwork(request.ip);
    const hit = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    if (hit.isBlocked) {
      throw rateLimited(name, { count: limit, windowMs: ttl }, hit.timeToBlockExpire);
    }

    append(reply, 'ratelimit-policy', this.#policy(name, limit, ttl));
    append(reply, 'ratelimit', limitItem(name, limit - hit.totalHits, hit.timeToExpire));
    return true;
  }

  #policy(name: string, count: number, windowMs: number): string {
    let policy = this.#policies.get(name);
    if (!policy) this.#policies.set(name, (policy = policyItem(name, { count, windowMs })));
    return policy;
  }
}

/** One more item of a list field: a route may have several limits. */
function append(reply: FastifyReply, field: string, item: string): void {
  const list = reply.getHeader(field);
  void reply.header(field, list === undefined ? item : `${list}, ${item}`);
}
