import { Inject, Injectable } from '@nestjs/common';
import { ThrottlerStorage } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../../../config/config.js';
import type { Problem } from '../../errors/problem.js';
import { SecurityEvents } from '../../security-events.js';
import { clientNetwork } from '../client-network.js';
import { limitItem, policyItem, rateLimited } from './rate-limit-fields.js';
import type { WindowStorage } from './window-storage.js';

/**
 * The general limit for what no guard sees: what is refused before (unknown paths and methods,
 * bodies that are no JSON), and the pages about the interface. Otherwise they would be free.
 */
@Injectable()
export class UnroutedLimit {
  constructor(
    @Inject(ThrottlerStorage) private readonly storage: WindowStorage,
    private readonly config: Config,
    private readonly events: SecurityEvents,
  ) {}

  /** Counts the request, unless a guard has. Gives the problem to answer with instead, if any. */
  count(request: FastifyRequest, reply: FastifyReply): Problem | undefined {
    if (reply.hasHeader('ratelimit')) return undefined;
    const { general } = this.config.limits;
    const network = clientNetwork(request.ip);
    const hit = this.storage.hit(network, 'general', general.count, general.windowMs);
    if (hit.isBlocked) {
      this.events.emit('limit.refused', { limit: 'general', network });
      return rateLimited('general', general, hit.timeToBlockExpire);
    }
    void reply
      .header('ratelimit-policy', policyItem('general', general))
      .header('ratelimit', limitItem('general', general.count - hit.totalHits, hit.timeToExpire));
    return undefined;
  }
}
