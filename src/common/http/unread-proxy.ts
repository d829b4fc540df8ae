import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../../config/config.js';

/**
 * Says once that there is a proxy nobody was told of: every client has its address then, so that
 * they share one budget and one line in the list of sessions.
 */
export function warnOfUnreadProxy(fastify: FastifyInstance, config: Config, log: Logger): void {
  const { trustProxy } = config;
  if (typeof trustProxy === 'number' && trustProxy > 0) return; // whoever it is, is believed
  let warned = false;
  /** Nearly all requests come from the same proxy. */
  let believed: string | undefined;
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!warned && request.headers['x-forwarded-for'] !== undefined) {
      const peer = request.socket.remoteAddress;
      if (peer !== believed) {
        if (isBelieved(request)) believed = peer;
        else {
          warned = true;
          log.warn(warning(config));
        }
      }
    }
    done();
  });
}

/** A peer that is not believed is the only address there is. */
function isBelieved({ ips }: FastifyRequest): boolean {
  return ips !== undefined && ips.length > 1;
}

function warning({ trustProxy }: Config): string {
  return trustProxy === 0
    ? 'X-Forwarded-For is not believed, as TRUST_PROXY is 0: if a proxy stands in front, set ' +
        'TRUST_PROXY to its address, or all clients count as one'
    : 'X-Forwarded-For is not believed of an address that is not in TRUST_PROXY: if it is that of ' +
        'a proxy, add it, or all its clients count as one; else somebody reaches the server past ' +
        'the proxy';
}
