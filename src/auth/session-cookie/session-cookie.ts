import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../../clock.js';
import { setCookie } from '../../common/http/request-context.js';
import { Config } from '../../config/config.js';
import { isNewest } from '../sessions/refresh.policy.js';
import { Sessions, type Standing } from '../sessions/sessions.js';
import { RefreshTokens } from '../tokens/refresh-tokens.js';
import type { TokenResponse } from '../tokens/token.dto.js';

/**
 * RFC 6265bis section 4.1.3.2: `__Host-` is taken only with Secure, Path=/ and without Domain, so
 * no other host, and nobody on the way, can put one there.
 */
const NAME = '__Host-latchkey-session';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
/** Spaces alone part cookies: a name that begins with another blank is another name, which any site may set. */
const SENT = new RegExp(`(?:^|; *)${NAME}=([^;]*)`);

/**
 * The cookie that holds a browser's refresh token where no script can read it. It lives as long as
 * its token would. Whether a request may count by it is not decided here.
 */
@Injectable()
export class SessionCookie {
  constructor(
    private readonly refreshTokens: RefreshTokens,
    private readonly sessions: Sessions,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** The refresh token in the cookie, unchecked. */
  tokenIn({ headers }: FastifyRequest): string | undefined {
    return SENT.exec(headers.cookie ?? '')?.[1];
  }

  /** Moves the refresh token from the answer to its cookie. */
  keep({ refresh_token, ...rest }: Required<TokenResponse>): TokenResponse {
    setCookie(`${NAME}=${refresh_token}; Max-Age=${rest.refresh_expires_in}; ${ATTRIBUTES}`);
    return rest;
  }

  /** Makes the browser forget it. */
  clear(): void {
    setCookie(`${NAME}=; Max-Age=0; ${ATTRIBUTES}`);
  }

  /**
   * The session that stands behind the cookie of this request, which it leaves as it is: for what
   * asks at every request who it is from. A token that has been used counts while REFRESH_GRACE
   * lasts, for requests that were under way then; afterwards it is nobody's, and ends nothing.
   * Whether the account may still sign in is not looked at.
   */
  async sessionOf(request: FastifyRequest): Promise<Standing | undefined> {
    const claim = this.refreshTokens.parse(this.tokenIn(request) ?? '');
    if (!claim) return undefined;
    const id = claim.sessionId;
    const session = this.sessions.peek(id) ?? (await this.sessions.standing(id));
    if (!session || !this.refreshTokens.isGenuine(claim, session.salt)) return undefined;
    const rotation = await this.sessions.rotation(id);
    if (!rotation) return undefined;
    const { generation } = claim;
    const { refreshGrace } = this.config;
    const family = { ...session, ...rotation };
    return isNewest(family, generation, this.clock.now(), refreshGrace) ? session : undefined;
  }
}
