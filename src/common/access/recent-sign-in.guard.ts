import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../clock.js';
import { Problem } from '../errors/problem.js';
import { ACCESS_DECISION, type AccessDecision } from './access-decision.js';
import { nobodyThere } from './person.guard.js';
import type { Principal } from './principal.js';

/** How long somebody who proved who they are counts as present, in milliseconds. */
export const RECENT = 5 * 60_000;

/**
 * Asks for a recent sign-in. What counts is when the session's person proved who they are, as the
 * server has it, not what the token says: proving it again counts without a new token.
 */
@Injectable()
export class RecentSignInGuard implements CanActivate {
  constructor(
    private readonly clock: Clock,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Problem recent_login_required */
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
    if (principal?.narrowed && !this.#asksForPermissions(context)) throw tooNarrow();
    mustBeRecent(principal, this.clock.now());
    return true;
  }

  #asksForPermissions(context: ExecutionContext): boolean {
    const decision = this.reflector.getAllAndOverride<AccessDecision | undefined>(ACCESS_DECISION, [
      context.getHandler(),
      context.getClass(),
    ]);
    return decision?.kind === 'signed-in' && decision.permissions.length > 0;
  }
}

/** What no permission names would let its holder add a way in, and with that all permissions. */
function tooNarrow(): Problem {
  return new Problem('recent_login_required', {
    detail: 'A narrowed token cannot do this. Send one that was asked for without scope.',
  });
}

/** @throws Problem recent_login_required */
export function mustBeRecent(principal: Principal | undefined, now: Date): void {
  const authTime = principal?.authTime;
  if (authTime === undefined) throw nobodyThere();
  if (now.getTime() - authTime.getTime() >= RECENT) {
    throw new Problem('recent_login_required');
  }
}
