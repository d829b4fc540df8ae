import { Injectable } from '@nestjs/common';
import type { CallingService } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { Config } from '../../config/config.js';
import { RefreshService } from '../sessions/refresh.service.js';
import { Sessions } from '../sessions/sessions.js';
import { AccessTokens } from '../tokens/access-tokens.js';

/**
 * Ends the session a token belongs to (RFC 7009): an access token is nothing but a view of its
 * session, so ending the one ends the other.
 *
 * A service ends no more than whoever holds the token could: a refresh token, and an access token
 * for this server, end their session at POST /auth/logout; one made for the service belongs to it. A
 * token made for another service stays as it is.
 */
@Injectable()
export class RevocationService {
  constructor(
    private readonly refreshService: RefreshService,
    private readonly accessTokens: AccessTokens,
    private readonly sessions: Sessions,
    private readonly config: Config,
  ) {}

  /**
   * Section 2.2: "invalid tokens do not cause an error response since the client cannot handle such
   * an error in a reasonable way".
   */
  async revoke(service: CallingService, token: string): Promise<void> {
    const session =
      this.#sessionOfAccessToken(service, token) ?? (await this.#sessionOfRefreshToken(token));
    if (session) await this.sessions.end(session, 'revoked_by_service', service.id);
  }

  #sessionOfAccessToken(service: CallingService, token: string) {
    const audiences = [service.audience, this.config.accessTokenAudience];
    const claims = this.accessTokens.inspect(token, audiences);
    return claims && { id: claims.sid, userId: claims.sub };
  }

  async #sessionOfRefreshToken(token: string) {
    try {
      return await this.refreshService.sessionOf(token);
    } catch (error) {
      if (error instanceof Problem && error.code === 'refresh_token_invalid') return undefined;
      throw error;
    }
  }
}
