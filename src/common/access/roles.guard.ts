import { type CanActivate, type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../errors/problem.js';
import { decisionOf } from './access.decorators.js';
import { PermissionObserver } from './permission-observer.js';

/**
 * Holds a route's decision against the caller's roles, permissions and second factor, as they stand
 * at this request.
 */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Optional() private readonly observer?: PermissionObserver,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const decision = decisionOf(context, this.reflector);
    if (decision === undefined) return false; // the server does not start with such a route
    if (decision.kind === 'public') return true;
    const principal = context.switchToHttp().getRequest<FastifyRequest>().principal;
    if (principal?.mustEnrol && !decision.duringEnrolment) {
      throw new Problem('mfa_enrolment_required');
    }
    if (decision.kind !== 'signed-in') return true;
    if (!principal) return false;

    if (
      decision.roles.length > 0 &&
      !decision.roles.some((role) => principal.roles.includes(role))
    ) {
      throw new Problem('role_required', {
        detail: `This needs the role ${decision.roles.join(' or ')}.`,
      });
    }
    const missing = decision.permissions.filter((name) => !principal.permissions.has(name));
    if (missing.length > 0) {
      throw new Problem('permission_required', {
        detail: `This needs the permission ${missing.join(' and ')}.`,
      });
    }
    if (decision.permissions.length > 0) {
      this.observer?.used(principal.userId, decision.permissions);
    }
    return true;
  }
}
