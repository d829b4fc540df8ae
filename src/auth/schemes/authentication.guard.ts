import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ACCESS_DECISION, type AccessDecision } from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';

/**
 * The one guard in front of every route: request -> {@link Principal}.
 *
 * Passport asks each strategy in turn. A strategy whose scheme the request does not use passes;
 * one whose scheme it uses answers with a principal or with the {@link Problem} to send.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['jwt', 'basic']) {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const kind = this.#decision(context)?.kind;
    if (kind === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (kind === 'optional' && request.headers.authorization === undefined) return true;
    return super.canActivate(context) as Promise<boolean>;
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
    if (this.#decision(context)?.kind === 'optional') {
      context.switchToHttp().getRequest<FastifyRequest>().refusal = refusal;
      return undefined as Result;
    }
    throw refusal;
  }

  #decision(context: ExecutionContext): AccessDecision | undefined {
    return this.reflector.getAllAndOverride<AccessDecision | undefined>(ACCESS_DECISION, [
      context.getHandler(),
      context.getClass(),
    ]);
  }
}

function refusalIn(info: unknown): Problem {
  const said = Array.isArray(info) ? info : [info];
  return said.find((item) => item instanceof Problem) ?? new Problem('token_missing');
}
