import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Code } from '../../common/errors/codes.js';
import { Problem } from '../../common/errors/problem.js';
import { isLoopbackAddress, literalAddress } from '../../common/http/public-address.js';
import { Config } from '../../config/config.js';
import { RefreshService } from '../sessions/refresh.service.js';
import { Sessions, type Standing } from '../sessions/sessions.js';
import type { TokenChoice } from '../tokens/token-choice.dto.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import { otherSites, whyNotByCookie } from './cookie-mode.policy.js';
import { SessionCookie } from './session-cookie.js';

/** What says that the cookie is worth nothing any more. */
const OVER: readonly Code[] = [
  'refresh_token_invalid',
  'refresh_token_expired',
  'refresh_token_reused',
  'session_ended',
];

/**
 * Cookie mode: the refresh token of a browser is in a cookie, from its first to its last, and in no
 * body. Counted are only requests of pages that may, and that say so by X-Requested-With.
 */
@Injectable()
export class CookieSessions implements OnModuleInit {
  readonly #log = new Logger('CookieMode');

  constructor(
    private readonly cookie: SessionCookie,
    private readonly refreshService: RefreshService,
    private readonly sessions: Sessions,
    private readonly config: Config,
  ) {}

  /** Says for which settings there is no cookie mode, before a browser does. */
  onModuleInit(): void {
    const { publicUrl, corsOrigins } = this.config;
    if (!keepsCookies(publicUrl)) {
      this.#log.warn('Cookie mode is refused: it needs a PUBLIC_URL that begins with https://');
      return;
    }
    const origins = otherSites(publicUrl, corsOrigins);
    if (origins.length === 0) return;
    this.#log.log({
      msg: 'Pages of these CORS_ORIGINS cannot use cookie mode: to browsers they are another site',
      origins,
    });
  }

  /** @throws Problem origin_not_allowed, or https_required where no browser would keep the cookie */
  admit({ headers }: FastifyRequest): void {
    const { publicUrl, corsOrigins } = this.config;
    const sender = {
      requestedWith: text(headers['x-requested-with']),
      fetchSite: text(headers['sec-fetch-site']),
      origin: headers.origin,
    };
    const detail = whyNotByCookie(sender, publicUrl, corsOrigins);
    if (detail !== undefined) throw new Problem('origin_not_allowed', { detail });
    if (keepsCookies(publicUrl)) return;
    throw new Problem('https_required', {
      detail: 'Browsers keep this cookie only when PUBLIC_URL begins with https://.',
    });
  }

  /**
   * Puts the refresh token of a sign-in into the cookie. A session that was there is over: nobody
   * holds its token any more.
   */
  async begin(request: FastifyRequest, tokens: Required<TokenResponse>): Promise<TokenResponse> {
    const before = await this.#sessionOf(this.cookie.tokenIn(request));
    if (before) await this.sessions.end(before, 'replaced', before.userId);
    return this.cookie.keep(tokens);
  }

  /**
   * Refreshes by the cookie.
   *
   * @returns undefined when the request does not speak of cookie mode at all
   * @throws Problem as {@link admit}, as {@link RefreshService.refresh}; token_missing
   */
  async refresh(request: FastifyRequest, choice: TokenChoice): Promise<TokenResponse | undefined> {
    const token = this.cookie.tokenIn(request);
    if (token === undefined && !request.headers['x-requested-with']) return undefined;
    this.admit(request);
    if (token === undefined) {
      throw new Problem('token_missing', { detail: 'There is no session cookie. Sign in.' });
    }
    try {
      return this.cookie.keep(await this.refreshService.refresh(token, choice));
    } catch (error) {
      if (error instanceof Problem && OVER.includes(error.code)) this.cookie.clear();
      throw error;
    }
  }

  /**
   * Ends the session of the cookie. Beside a sign-in of its own, a request without
   * X-Requested-With does not mean the cookie, which its browser added.
   *
   * @returns false when there is none to end
   * @throws Problem as {@link admit}
   */
  async end(request: FastifyRequest): Promise<boolean> {
    const token = this.cookie.tokenIn(request);
    if (token === undefined) return false;
    const { authorization, 'x-requested-with': requestedWith } = request.headers;
    if (authorization !== undefined && !requestedWith) return false;
    this.admit(request);
    this.cookie.clear();
    const session = await this.#sessionOf(token);
    if (session) await this.sessions.end(session, 'logout', session.userId);
    return session !== undefined;
  }

  async #sessionOf(token: string | undefined): Promise<Standing | undefined> {
    if (token === undefined) return undefined;
    try {
      return await this.refreshService.sessionOf(token);
    } catch (error) {
      if (error instanceof Problem) return undefined; // not one of ours
      throw error;
    }
  }
}

/** Secure cookies are kept from https, and from this machine (Secure Contexts section 3.1). */
export function keepsCookies(publicUrl: string): boolean {
  const url = new URL(publicUrl);
  if (url.protocol === 'https:' || url.hostname === 'localhost') return true;
  return isLoopbackAddress(literalAddress(url) ?? '');
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
