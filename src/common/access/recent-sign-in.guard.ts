import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../clock.js';
import { Problem } from '../errors/problem.js';
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
  constructor(private readonly clock: Clock) {}

  /** @throws Problem recent_login_required */
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
    mustBeRecent(principal, this.clock.now());
    return true;
  }
}

/** @throws Problem recent_login_required */
export function mustBeRecent(principal: Principal | undefined, now: Date): void {
  const authTime = principal?.authTime;
  if (authTime === undefined) throw nobodyThere();
  if (now.getTime() - authTime.getTime() >= RECENT) {
    throw new Problem('recent_login_required');
  }
}
