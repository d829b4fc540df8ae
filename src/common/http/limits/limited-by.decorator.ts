import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { THROTTLER_SKIP } from '@nestjs/throttler/dist/throttler.constants.js';

/** Limits that count only the routes that name them. */
export type RouteLimit = 'register' | 'mail-requests';

const LIMITED_BY = 'latchkey:limited-by';
export const EVERY_ROUTE = 'general';

/** The route counts against this limit, too. `@SkipThrottle({ general: true })` exempts a route. */
export function LimitedBy(limit: RouteLimit): MethodDecorator {
  return SetMetadata(LIMITED_BY, limit);
}

export function isLimitedBy(
  name: string,
  context: ExecutionContext,
  reflector: Reflector,
): boolean {
  const handler = context.getHandler();
  const skips = reflector.getAllAndOverride(THROTTLER_SKIP + name, [handler, context.getClass()]);
  return !skips && (name === EVERY_ROUTE || reflector.get(LIMITED_BY, handler) === name);
}
