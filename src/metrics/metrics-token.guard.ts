import { createHash } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { sameBytes } from '../common/crypto/secret-token.js';
import { Problem } from '../common/errors/problem.js';
import { Config } from '../config/config.js';

/** RFC 6750 section 3. An access token and a password are of no use here, so only Bearer is named. */
const CHALLENGE = 'Bearer realm="latchkey-metrics"';

/** Asks for METRICS_TOKEN. Without one there is nothing here. */
@Injectable()
export class MetricsTokenGuard implements CanActivate {
  readonly #wanted: Buffer | undefined;

  constructor({ metricsToken }: Config) {
    this.#wanted = metricsToken === undefined ? undefined : digest(metricsToken);
  }

  /** @throws Problem not_found, token_missing, invalid_credentials */
  canActivate(context: ExecutionContext): boolean {
    if (this.#wanted === undefined) throw new Problem('not_found');
    const { authorization = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const sent = /^bearer +([^ ]+) *$/i.exec(authorization)?.[1];
    if (sent === undefined) {
      throw new Problem('token_missing', {
        detail: 'Send Authorization: Bearer with METRICS_TOKEN.',
        headers: { 'www-authenticate': CHALLENGE },
      });
    }
    if (!sameBytes(digest(sent), this.#wanted)) {
      throw new Problem('invalid_credentials', {
        detail: 'This is not METRICS_TOKEN.',
        headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
      });
    }
    return true;
  }
}

/** Of one length whatever was sent, so that comparing does not tell how long the token is. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
