import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport';
import type { Principal } from '../../common/access/principal.js';
import { ApiKeyCheck } from '../api-keys/api-key-check.js';
import { sentApiKey } from './sent-api-key.js';

/** What Passport adds to a strategy for the length of one request. */
interface PassportActions {
  success(principal: Principal): void;
  fail(): void;
  error(error: unknown): void;
}

/** API keys, wherever they are sent. Goes before the others: none of them must try what is a key. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(Strategy, 'api-key') {
  constructor(private readonly apiKeys: ApiKeyCheck) {
    super();
  }

  override authenticate(request: unknown): void {
    const passport = this as unknown as PassportActions;
    const sent = sentApiKey((request as FastifyRequest).headers);
    if (!sent) return passport.fail();
    this.apiKeys.check(sent.key, sent.userId).then(
      (principal) => passport.success(principal),
      // An error, not a failure: Passport then asks no further strategy.
      (error: unknown) => passport.error(error),
    );
  }

  /** Passport asks {@link authenticate}. */
  validate(): void {}
}
