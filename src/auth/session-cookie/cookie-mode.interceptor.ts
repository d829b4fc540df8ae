import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { mergeMap, type Observable } from 'rxjs';
import { invalid } from '../../common/http/validation.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import { CookieSessions } from './cookie-sessions.js';

/** `?session=cookie` on a route that begins a session and answers with its tokens. */
@Injectable()
export class CookieModeInterceptor implements NestInterceptor<
  Required<TokenResponse>,
  TokenResponse
> {
  constructor(private readonly cookieSessions: CookieSessions) {}

  /** @throws Problem validation_failed, origin_not_allowed or https_required, before any sign-in */
  intercept(
    context: ExecutionContext,
    next: CallHandler<Required<TokenResponse>>,
  ): Observable<TokenResponse> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { session } = request.query as { session?: string };
    if (session === undefined) return next.handle();
    if (session !== 'cookie') {
      throw invalid([
        { pointer: '/session', code: 'not_allowed', detail: 'session must be cookie.' },
      ]);
    }
    this.cookieSessions.admit(request);
    return next.handle().pipe(mergeMap((tokens) => this.cookieSessions.begin(request, tokens)));
  }
}
