import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/access/principal.js';
import { isUuid } from '../../common/crypto/uuid.js';
import { Problem } from '../../common/errors/problem.js';
import { type ListQuery, type Page, Pagination } from '../../common/http/pagination.js';
import type { Session } from '../../generated/prisma/client.js';
import { RefreshService } from './refresh.service.js';
import type { SessionResponse } from './session.dto.js';
import { Sessions } from './sessions.js';

/** What people do with their own sessions. */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly sessions: Sessions,
    private readonly refreshService: RefreshService,
    private readonly pagination: Pagination,
  ) {}

  /**
   * @param refusal why the sign-in sent along was not accepted
   * @throws Problem refresh_token_invalid, or the refusal, or token_missing
   */
  async logout(
    refreshToken: string | undefined,
    principal: Principal | undefined,
    refusal: Problem | undefined,
  ): Promise<void> {
    if (refreshToken !== undefined) {
      const session = await this.refreshService.sessionOf(refreshToken);
      await this.sessions.end(session, 'logout', session.userId);
      return;
    }
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
