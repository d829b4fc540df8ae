import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../../config/config.js';

/**
 * Says once that there is a proxy nobody was told of: every client has its address then, so that
 * they share one budget and one line in the list of sessions.
 */
export function warnOfUnreadProxy(fastify: FastifyInstance, config: Config, log: Logger): void {
  if (config.trustProxy !== 0) return;
  let warned = false;
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!warned && request.headers['x-forwarded-for'] !== undefined) {
      warned = true;
      log.warn(
        'X-Forwarded-For is not believed, as TRUST_PROXY is 0: if a proxy stands in front, set ' +
          'TRUST_PROXY to its address, or all clients count as one',
      );
    }
    done();
  });
}
