import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decisionOf } from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { asItWaits } from '../../common/http/request-context.js';
import { mayNotSignIn, needsSecondFactor } from '../login/sign-in.policy.js';
import type { Account } from '../../users/accounts.js';
import { API_KEY_PREFIX, looksLikeApiKey } from '../api-keys/api-key.js';
import { ApiKeyCheck } from '../api-keys/api-key-check.js';
import { PasswordCheck } from '../password/password-check.js';
import { ServiceCredentials } from '../services/service-credentials.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { parseBasic } from './authorization-header.js';
import { StandingCheck } from './standing.js';

/**
 * The one guard in front of every route: request -> {@link Principal}.
 *
 * Passport asks each strategy in turn. A strategy whose scheme the request does not use passes;
 * one whose scheme it uses answers with a principal or with the {@link Problem} to send.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['api-key', 'jwt', 'basic']) {
  constructor(
    private readonly reflector: Reflector,
    private readonly accessTokens: AccessTokens,
    private readonly passwordCheck: PasswordCheck,
    private readonly apiKeys: ApiKeyCheck,
    private readonly standing: StandingCheck,
    private readonly serviceCredentials: ServiceCredentials,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const kind = decisionOf(context, this.reflector)?.kind;
    if (kind === 'public') return true;
    const [request, reply] = context.getArgs<[FastifyRequest, FastifyReply]>();
    const { authorization, 'x-api-key': apiKey } = request.headers;
    if (kind === 'service') return this.#letServiceIn(request, authorization);
    if (kind === 'optional' && authorization === undefined && apiKey === undefined) return true;
    const principal =
      apiKey === undefined
        ? this.#knownPrincipal(authorization)
        : this.apiKeys.known(String(apiKey));
    if (!principal) {
      return asItWaits(request, reply, () => super.canActivate(context) as Promise<boolean>);
    }
    request.principal = principal;
    return true;
  }

  async #letServiceIn(request: FastifyRequest, authorization: string | undefined) {
    request.service = await this.serviceCredentials.check(authorization);
    return true;
  }

  override getAuthenticateOptions() {
    return { property: 'principal', session: false };
  }

  /** @param info what each strategy said, in the order of the strategies */
  override handleRequest<Result = Principal>(
    error: unknown,
    principal: Principal | false,
    info: unknown,
    context: ExecutionContext,
  ): Result {
    if (principal) return principal as Result;
    if (error && !(error instanceof Problem)) throw error as Error;
    const refusal = error instanceof Problem ? error : refusalIn(info);
    if (decisionOf(context, this.reflector)?.kind === 'optional') {
      context.switchToHttp().getRequest<FastifyRequest>().refusal = refusal;
      return undefined as Result;
    }
    throw refusal;
  }

  /**
   * Of a token, a key or a password that a strategy has let in before, with a session and an account that
   * memory holds: Passport's way through its strategies would cost as much as the rest of the
   * request. Whatever is refused is refused there.
   */
  #knownPrincipal(authorization: string | undefined): Principal | undefined {
    if (authorization?.startsWith('Bearer ')) {
      const token = authorization.slice('Bearer '.length);
      if (token.startsWith(API_KEY_PREFIX)) return this.apiKeys.known(token);
      const claims = this.accessTokens.known(token);
      return claims && this.standing.ofKnownToken(claims);
    }
    if (authorization?.startsWith('Basic ')) {
      const credentials = parseBasic(authorization);
      if (!credentials) return undefined;
      const { userId, password } = credentials;
      if (looksLikeApiKey(password)) return this.apiKeys.known(password, userId);
      const account = this.passwordCheck.known(userId, password);
      return account && isLetInByPassword(account) ? this.standing.ofPassword(account) : undefined;
    }
    return undefined;
  }
}

function isLetInByPassword(account: Account): boolean {
  return !mayNotSignIn(account) && !needsSecondFactor(account, ['pwd']);
}

function refusalIn(info: unknown): Problem {
  const said = Array.isArray(info) ? info : [info];
  return said.find((item) => item instanceof Problem) ?? new Problem('token_missing');
}
