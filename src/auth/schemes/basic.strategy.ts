import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { BasicStrategy as Strategy } from 'passport-http';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { PasswordCheck } from '../password/password-check.js';
import { isBasic, parseBasic } from './authorization-header.js';
import { BasicSuccesses } from './basic-successes.js';
import { StandingCheck } from './standing.js';

/** What Passport adds to a strategy for the length of one request. */
interface PassportActions {
  success(principal: Principal): void;
  fail(reason?: Problem): void;
  error(error: unknown): void;
}

/**
 * passport-http with parsing of our own: its `authenticate` cuts a password at its second colon,
 * lets broken UTF-8 and base64 through, and takes `XBasicY` for Basic.
 * See docs/decisions/0003-passport-strategies.md.
 */
@Injectable()
export class BasicStrategy extends PassportStrategy(Strategy, 'basic') {
  constructor(
    private readonly passwordCheck: PasswordCheck,
    private readonly standing: StandingCheck,
    private readonly successes: BasicSuccesses,
  ) {
    super();
  }

  override authenticate(this: BasicStrategy & PassportActions, request: unknown): void {
    const header = (request as FastifyRequest).headers.authorization;
    if (!isBasic(header)) return this.fail();
    const credentials = parseBasic(header!);
    if (!credentials) return this.fail(new Problem('token_malformed'));
    this.validate(credentials.userId, credentials.password).then(
      (principal) => this.success(principal),
      (error: unknown) => (error instanceof Problem ? this.fail(error) : this.error(error)),
    );
  }

  /**
   * @throws Problem invalid_credentials, account_disabled, email_not_verified, mfa_required,
   *   overloaded or rate_limited
   */
  async validate(userId: string, password: string): Promise<Principal> {
    const account = await this.passwordCheck.check(userId, password);
    if (!account) throw new Problem('invalid_credentials');
    const principal = this.standing.ofPassword(account);
    await this.successes.note(account);
    return principal;
  }
}
