import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { CookieModeInterceptor } from './cookie-mode.interceptor.js';

/** For each route that begins a session and answers with a `TokenResponse`. */
export function OffersCookieMode() {
  return applyDecorators(
    UseInterceptors(CookieModeInterceptor),
    ApiQuery({
      name: 'session',
      required: false,
      enum: ['cookie'],
      description:
        'cookie: the refresh token comes in the cookie `__Host-latchkey-session` and not in the ' +
        'answer. For pages of this site; needs X-Requested-With.',
    }),
    ApiRequestedWith(),
    ApiProblems('validation_failed', 'origin_not_allowed', 'https_required'),
  );
}

/** Documents the header that makes the session cookie count. */
export function ApiRequestedWith() {
  return ApiHeader({
    name: 'X-Requested-With',
    required: false,
    description: 'Anything, in cookie mode: other sites cannot send it.',
    schema: { type: 'string', maxLength: 100 },
  });
}
