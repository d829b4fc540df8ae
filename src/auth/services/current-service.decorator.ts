import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { CallingService } from '../../common/access/principal.js';

/** The registered service that calls; on a @ForServices route there is always one. */
export const CurrentService = createParamDecorator(
  (_: unknown, context: ExecutionContext): CallingService =>
    context.switchToHttp().getRequest<FastifyRequest>().service!,
);
