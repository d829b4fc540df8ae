import { type ExecutionContext, SetMetadata } from '@nestjs/common';

/** Limits that count only the routes that name them; "general" counts every route. */
export type RouteLimit = 'register';

const LIMITED_BY = 'latchkey:limited-by';

/** The route counts against this limit, too. */
export function LimitedBy(limit: RouteLimit): MethodDecorator {
  return SetMetadata(LIMITED_BY, limit);
}

export function isLimitedBy(limit: RouteLimit, context: ExecutionContext): boolean {
  return Reflect.getMetadata(LIMITED_BY, context.getHandler()) === limit;
}
