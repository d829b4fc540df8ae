import { Injectable } from '@nestjs/common';
import type { CallingService } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import { ApiKeyCheck } from '../api-keys/api-key-check.js';
import { StandingCheck } from '../schemes/standing.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import type { IntrospectionResponse } from './token-query.dto.js';

/**
 * Tells a service what a token is worth at this moment (RFC 7662).
 *
 * Section 4: "the authorization server MUST determine whether or not the token can be used at the
 * protected resource making the introspection call". A token made for another service is therefore
 * as inactive as a forged one, and so is a refresh token, which no service takes. An API key is good
 * wherever its owner shows it.
 */
@Injectable()
export class IntrospectionService {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly standing: StandingCheck,
    private readonly apiKeys: ApiKeyCheck,
    private readonly config: Config,
  ) {}

  async introspect(service: CallingService, token: string): Promise<IntrospectionResponse> {
    return (
      (await this.#accessToken(service, token)) ?? (await this.#apiKey(token)) ?? { active: false }
    );
  }

  async #accessToken(
    service: CallingService,
    token: string,
  ): Promise<IntrospectionResponse | undefined> {
    const audiences = [service.audience, this.config.accessTokenAudience];
    const claims = this.accessTokens.inspect(token, audiences);
    const principal = claims && (await this.standing.ofShownToken(claims));
    if (!principal) return undefined;
    const { client_id, exp, iat, sub, aud, iss, jti, sid, amr } = claims;
    return {
      active: true,
      scope: [...principal.permissions].join(' '),
      client_id,
      token_type: 'Bearer',
      exp,
      iat,
      sub,
      aud,
      iss,
      jti,
      sid,
      auth_time: Math.floor(principal.authTime!.getTime() / 1000),
      amr,
      roles: [...principal.roles],
    };
  }

  async #apiKey(token: string): Promise<IntrospectionResponse | undefined> {
    const principal = await this.apiKeys.ofShownKey(token);
    if (!principal) return undefined;
    const { userId, apiKeyId, expiresAt, permissions, roles } = principal;
    return {
      active: true,
      scope: [...permissions].join(' '),
      token_type: 'Bearer',
      ...(expiresAt ? { exp: Math.floor(expiresAt.getTime() / 1000) } : {}),
      sub: userId,
      iss: this.config.publicUrl,
      jti: apiKeyId!,
      roles: [...roles],
    };
  }
}
