import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { Account } from '../../users/accounts.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { RefreshTokens } from '../tokens/refresh-tokens.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import type { TokenGrant } from '../tokens/token-grants.js';
import { type Standing } from './sessions.js';

/** Puts a token answer together (RFC 6749 section 5.1). */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly clock: Clock,
  ) {}

  issue(
    account: Account,
    session: Standing,
    generation: number,
    idleExpiresAt: Date,
    grant: TokenGrant,
  ): Required<TokenResponse> {
    const access = this.accessTokens.sign(account, session, grant);
    const until = Math.min(idleExpiresAt.getTime(), session.expiresAt.getTime());
    return {
      access_token: access.token,
      token_type: 'Bearer',
      expires_in: access.expiresIn,
      refresh_token: this.refreshTokens.mint(session, generation),
      refresh_expires_in: Math.max(0, Math.round((until - this.clock.now().getTime()) / 1000)),
      scope: access.scope,
    };
  }
}
