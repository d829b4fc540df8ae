import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';
import { RecentSignInGuard } from './recent-sign-in.guard.js';

/** What a route has decided about who may call it. */
export type AccessDecision =
  | { kind: 'public' }
  /** A sign-in is looked at when it is sent, and not asked for when it is not. */
  | { kind: 'optional' }
  /** A registered service, by credentials of its own; no person is let in. */
  | { kind: 'service' }
  | { kind: 'signed-in'; roles: readonly string[]; permissions: readonly string[] };

export const ACCESS_DECISION = 'latchkey:access';

const decisions = new WeakMap<object, AccessDecision>();

/** What the route of this request has decided; read once for each route. */
export function decisionOf(
  context: ExecutionContext,
  reflector: Reflector,
): AccessDecision | undefined {
  const handler = context.getHandler();
  const known = decisions.get(handler);
  if (known) return known;
  const decision = reflector.getAllAndOverride<AccessDecision | undefined>(ACCESS_DECISION, [
    handler,
    context.getClass(),
  ]);
  if (decision) decisions.set(handler, decision);
  return decision;
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

/**
 * Any signed-in person who has proved within the last minutes who they are: whoever finds an
 * unlocked screen, or a token, must not take the account away with it.
 */
export function RecentlySignedIn() {
  return applyDecorators(SignedIn(), UseGuards(RecentSignInGuard));
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
