import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem.js';

/** The refusal of what only somebody who is there may do. */
export function nobodyThere(): Problem {
  return new Problem('recent_login_required', {
    detail: 'An API key cannot do this: it does not prove that its owner is there. Sign in.',
  });
}

/** Asks for a person: what proves nobody's presence, as an API key does not, is refused. */
@Injectable()
export class PersonGuard implements CanActivate {
  /** @throws Problem recent_login_required */
  canActivate(context: ExecutionContext): boolean {
    const principal = context.switchToHttp().getRequest<FastifyRequest>().principal;
    if (principal?.authTime === undefined) throw nobodyThere();
    return true;
  }
}
