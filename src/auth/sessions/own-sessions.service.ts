import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../common/access/principal.js';
import { isUuid } from '../../common/crypto/uuid.js';
import { Problem } from '../../common/errors/problem.js';
import { type ListQuery, type Page, Pagination } from '../../common/http/pagination.js';
import { setHeader } from '../../common/http/request-context.js';
import { invalid, missing } from '../../common/http/validation.js';
import type { Session } from '../../generated/prisma/client.js';
import { CookieSessions } from '../session-cookie/cookie-sessions.js';
import type { RefreshRequest } from '../login/login.dto.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import { RefreshService } from './refresh.service.js';
import type { SessionResponse } from './session.dto.js';
import { Sessions } from './sessions.js';

/**
 * What a browser is to forget (Clear Site Data section 3.1). Not "cookies": that would also take the
 * cookie of the known device away, and the owner would be slowed down by whoever guesses.
 */
const CLEARED_AT_LOGOUT = '"cache", "storage"';

/** What people do with their own sessions. */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly sessions: Sessions,
    private readonly refreshService: RefreshService,
    private readonly cookieSessions: CookieSessions,
    private readonly pagination: Pagination,
  ) {}

  /**
   * By the token in the body; without one, by the session cookie.
   *
   * @throws Problem as {@link RefreshService.refresh} and {@link CookieSessions.refresh};
   *   validation_failed when there is neither
   */
  async refresh(
    { refresh_token: token, ...choice }: RefreshRequest,
    request: FastifyRequest,
  ): Promise<TokenResponse> {
    if (token !== undefined) return this.refreshService.refresh(token, choice);
    const tokens = await this.cookieSessions.refresh(request, choice);
    if (!tokens) throw invalid([missing('refresh_token')]);
    return tokens;
  }

  /**
   * Ends the session of the token in the body; without one, those of the cookie and of the sign-in.
   *
   * @throws Problem refresh_token_invalid, or why the sign-in sent along was not accepted, or
   *   token_missing; origin_not_allowed
   */
  async logout(refreshToken: string | undefined, request: FastifyRequest): Promise<void> {
    await this.#endNamed(refreshToken, request);
    setHeader('clear-site-data', CLEARED_AT_LOGOUT);
  }

  async #endNamed(refreshToken: string | undefined, request: FastifyRequest): Promise<void> {
    if (refreshToken !== undefined) {
      const session = await this.refreshService.sessionOf(refreshToken);
      await this.sessions.end(session, 'logout', session.userId);
      return;
    }
    const ended = await this.cookieSessions.end(request);
    const { principal, refusal } = request;
    if (!principal && ended) return;
    if (!principal) throw refusal ?? new Problem('token_missing');
    if (principal.sessionId === undefined) return; // Basic: a password has no session to end
    await this.sessions.end(
      { id: principal.sessionId, userId: principal.userId },
      'logout',
      principal.userId,
    );
  }

  list(principal: Principal, query: ListQuery): Promise<Page<SessionResponse>> {
    return this.pagination
      .page(query, {
        list: `sessions/${principal.userId}`,
        rows: (after, take) => this.sessions.list(principal.userId, after, take),
        keyOf: (session) => session.id,
        total: () => this.sessions.count(principal.userId),
      })
      .then((page) => ({
        ...page,
        items: page.items.map((session) => toResponse(session, principal.sessionId)),
      }));
  }

  /** @throws Problem not_found, also for another's session */
  async end(principal: Principal, id: string): Promise<void> {
    const session = isUuid(id) ? await this.sessions.find(id) : undefined;
    if (session?.userId !== principal.userId) throw new Problem('not_found');
    await this.sessions.end(session, 'ended_by_user', principal.userId);
  }

  async endAll(principal: Principal, keepCurrent: boolean): Promise<void> {
    await this.sessions.endAll(
      principal.userId,
      'ended_by_user',
      principal.userId,
      keepCurrent ? principal.sessionId : undefined,
    );
  }
}

function toResponse(session: Session, currentId: string | undefined): SessionResponse {
  return {
    id: session.id,
    current: session.id === currentId,
    createdAt: session.createdAt,
    lastUsedAt: session.lastUsedAt,
    expiresAt:
      session.idleExpiresAt < session.expiresAt ? session.idleExpiresAt : session.expiresAt,
    userAgent: session.userAgent,
    ip: session.ip,
    label: session.label,
    amr: session.amr.split(' '),
  };
}
