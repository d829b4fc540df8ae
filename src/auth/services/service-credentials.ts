import { Injectable } from '@nestjs/common';
import type { CallingService } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { Services } from '../../services/services.service.js';
import { isBasic, parseBasic } from '../schemes/authorization-header.js';

/** A protection space of its own (RFC 7617 section 2): a person's password is of no use here. */
const CHALLENGE = { 'www-authenticate': 'Basic realm="latchkey services", charset="UTF-8"' };

/**
 * Which registered service a request comes from: RFC 7617 with its id and secret, as RFC 6749 section
 * 2.3.1 has clients do it. Neither holds a character that would have to be escaped for that. Nobody
 * else's Basic is looked at here, and this one nowhere else.
 */
@Injectable()
export class ServiceCredentials {
  constructor(
    private readonly services: Services,
    private readonly guesses: GuessLimits,
  ) {}

  /** @throws Problem token_missing, token_malformed, invalid_credentials, rate_limited */
  async check(authorization: string | undefined): Promise<CallingService> {
    if (!isBasic(authorization)) {
      throw new Problem('token_missing', {
        detail: 'Send Authorization: Basic with id and secret of a registered service.',
        headers: CHALLENGE,
      });
    }
    const credentials = parseBasic(authorization!);
    if (!credentials) throw new Problem('token_malformed', { headers: CHALLENGE });
    const { userId: id, password: secret } = credentials;
    return this.guesses.attemptUnguessable(async () => {
      const service = await this.services.authenticate(id, secret);
      if (service) return service;
      throw new Problem('invalid_credentials', {
        detail: 'No registered service has this id and this secret.',
        headers: CHALLENGE,
      });
    });
  }
}
