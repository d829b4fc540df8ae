import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../../config/config.js';
import { Problem } from '../errors/problem.js';
import { isLoopbackAddress } from './public-address.js';

/**
 * Refuses what came in clear over a network: in production everything but /health, which the
 * machinery around asks without TLS; in development passwords sent by Basic. Never a redirect: what
 * a program sent in clear once, it would send in clear again.
 *
 * In clear is what came neither by TLS, nor from this machine, nor through a proxy of TRUST_PROXY
 * that says `X-Forwarded-Proto: https`. A trusted proxy on this machine that says `http` is believed,
 * too.
 */
export class EncryptedOnly {
  /** What a connection tells by itself does not change. */
  readonly #direct = new WeakMap<Socket, boolean>();
  readonly #production: boolean;
  readonly #believes: boolean;
  #warned = false;

  constructor(
    config: Config,
    private readonly log: Logger,
  ) {
    this.#production = config.mode === 'production';
    this.#believes = config.trustProxy !== 0;
  }

  /** Undefined: it may go on. */
  refusal(request: FastifyRequest): Problem | undefined {
    if (this.#isSafe(request)) return undefined;
    if (this.#production && !isHealth(request.raw.url!)) return this.#refuse(request);
    // RFC 7617 section 4: "the password is transmitted in cleartext"
    if (!/^basic(?: |$)/i.test(request.headers.authorization ?? '')) return undefined;
    return new Problem('https_required', {
      detail: `A password is taken by Basic over TLS or on this machine only. ${CURE}`,
    });
  }

  #isSafe(request: FastifyRequest): boolean {
    const direct = this.#isDirect(request.raw.socket);
    if (!this.#believes) return direct;
    const said = request.headers['x-forwarded-proto'];
    if (direct && (said === undefined || said === 'https')) return true;
    // Whether who said it is trusted: Fastify takes it into account for both.
    return request.protocol === 'https' || isLoopbackAddress(request.ip);
  }

  #isDirect(socket: Socket): boolean {
    let direct = this.#direct.get(socket);
    if (direct === undefined) {
      const { encrypted, remoteAddress } = socket as TLSSocket;
      direct = encrypted === true || isLoopbackAddress(remoteAddress ?? '');
      this.#direct.set(socket, direct);
    }
    return direct;
  }

  #refuse(request: FastifyRequest): Problem {
    if (!this.#warned) {
      this.#warned = true;
      this.log.warn({ from: request.raw.socket.remoteAddress }, `Plain HTTP is refused. ${CURE}`);
    }
    return new Problem('https_required', { detail: CURE });
  }
}

const CURE =
  'Use https://. For the operator: set TRUST_PROXY to the address of the proxy that speaks TLS, ' +
  'which must send X-Forwarded-Proto: https, or set TLS_CERT_FILE and TLS_KEY_FILE.';

function isHealth(url: string): boolean {
  return /^\/health(?:\/live|\/ready)?(?:\?|$)/.test(url);
}

/** Said at the start when nobody but this machine would be answered. */
export function unreachableWarning(config: Config): string | undefined {
  const { mode, tls, trustProxy, host } = config;
  if (mode === 'development' || tls || trustProxy !== 0) return undefined;
  if (host === 'localhost' || isLoopbackAddress(host)) return undefined;
  return `Only requests from this machine are answered, such as those of a proxy on it. ${CURE}`;
}
