import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
  type Type,
  UseGuards,
} from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS_DECISION, type AccessDecision } from './access-decision.js';
import type { Principal } from './principal.js';
import { PersonGuard } from './person.guard.js';
import { RecentSignInGuard } from './recent-sign-in.guard.js';

const DURING_ENROLMENT = 'latchkey:during-enrolment';

/** A decision, and whether it also holds for who has yet to add a second factor. */
export type RouteDecision = AccessDecision & { readonly duringEnrolment: boolean };

const decisions = new WeakMap<object, RouteDecision>();

/** What the route of this request has decided; read once for each route. */
export function decisionOf(
  context: ExecutionContext,
  reflector: Reflector,
): RouteDecision | undefined {
  const handler = context.getHandler();
  const known = decisions.get(handler);
  if (known) return known;
  const found = reflector.getAllAndOverride<AccessDecision | undefined>(ACCESS_DECISION, [
    handler,
    context.getClass(),
  ]);
  if (!found) return undefined;
  const duringEnrolment = isOpenDuringEnrolment(reflector, handler, context.getClass());
  const decision = { ...found, duringEnrolment };
  decisions.set(handler, decision);
  return decision;
}

export function isOpenDuringEnrolment(
  reflector: Reflector,
  handler: ReturnType<ExecutionContext['getHandler']>,
  controller: Type,
): boolean {
  const said = reflector.getAllAndOverride<true | undefined>(DURING_ENROLMENT, [
    handler,
    controller,
  ]);
  return said === true;
}

/** Anyone may call this route. */
export function Public() {
  return SetMetadata(ACCESS_DECISION, { kind: 'public' } satisfies AccessDecision);
}

/** Anyone may call this route; who is signed in is known to it. */
export function OptionallySignedIn() {
  return SetMetadata(ACCESS_DECISION, { kind: 'optional' } satisfies AccessDecision);
}

/** Registered services may call this route, and nobody else. */
export function ForServices() {
  return SetMetadata(ACCESS_DECISION, { kind: 'service' } satisfies AccessDecision);
}

/** Any signed-in person may call this route. */
export function SignedIn() {
  return decide([], []);
}

/** Any signed-in person: not a script that has an API key of theirs. */
export function SignedInPerson() {
  return applyDecorators(SignedIn(), UseGuards(PersonGuard));
}

/**
 * A signed-in person, with all of these permissions, who has proved within the last minutes who
 * they are: whoever finds an unlocked screen, or a token, must not take the account away with it.
 */
export function RecentlySignedIn(...permissions: string[]) {
  return applyDecorators(decide([], permissions), UseGuards(RecentSignInGuard));
}

/**
 * Beside the decision of a closed route: it also answers people who hold a role that needs a second
 * factor, and have none yet. Every other route refuses them.
 */
export function DuringEnrolment() {
  return SetMetadata(DURING_ENROLMENT, true);
}

/** A signed-in person with at least one of these roles. */
export function Roles(...roles: [string, ...string[]]) {
  return decide(roles, []);
}

/** A signed-in person with all of these permissions. */
export function Permissions(...permissions: [string, ...string[]]) {
  return decide([], permissions);
}

function decide(roles: string[], permissions: string[]) {
  return applyDecorators(
    SetMetadata(ACCESS_DECISION, {
      kind: 'signed-in',
      roles,
      permissions,
    } satisfies AccessDecision),
  );
}

/** The caller. On an {@link OptionallySignedIn} route it may be undefined. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal | undefined =>
    context.switchToHttp().getRequest<FastifyRequest>().principal,
);
