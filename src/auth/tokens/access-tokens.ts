import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../clock.js';
import { fromBase64url } from '../../common/crypto/base64url.js';
import { uuidv7 } from '../../common/crypto/uuid.js';
import type { Code } from '../../common/errors/codes.js';
import { Problem } from '../../common/errors/problem.js';
import { Config } from '../../config/config.js';
import type { Account } from '../../users/accounts.js';
import { type SigningKey, SigningKeys } from './signing-keys.js';
import type { TokenGrant } from './token-grants.js';

/** The claims of an access token (RFC 9068 section 2.2). Times are seconds since 1970. */
export interface AccessTokenClaims {
  iss: string;
  aud: string;
  sub: string;
  client_id: string;
  sid: string;
  jti: string;
  iat: number;
  exp: number;
  auth_time: number;
  amr: string[];
  roles: string[];
  scope: string;
  /** Only there when the token grants less than its person may do: no more than `scope`. */
  narrowed?: true;
}

/** What a genuine token says. */
export interface VerifiedClaims extends AccessTokenClaims {
  /** The scope of a narrowed token, read once. */
  readonly narrowedTo?: ReadonlySet<string>;
}

/** Compact JWS; bounded and anchored, so that it cannot be made slow. */
const COMPACT_JWS = /^[A-Za-z0-9_-]{1,512}\.[A-Za-z0-9_-]{1,6000}\.[A-Za-z0-9_-]{1,512}$/;
const KEPT_TOKENS = 10_000;
/** How far ahead of ours the clock may have been that a token was issued by, in seconds. */
const CLOCK_SKEW = 60;
/** RFC 9068 section 2.2 wants a client_id; people who sign in here directly use this one. */
const FIRST_PARTY_CLIENT = 'latchkey';

/** Makes and checks access tokens. Whether their session still stands is asked elsewhere. */
@Injectable()
export class AccessTokens {
  /**
   * Tokens whose signature and claims were found right, so that the next request need not compute
   * them again. Expiry is looked at each time; a failure is never kept.
   */
  readonly #verified = new Map<string, { key: SigningKey; claims: VerifiedClaims }>();

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * The token, and in how many whole seconds it expires: never after its session's end, because
   * services that check it by themselves know no other end. A narrowed one names no roles, because a
   * role stands for all it grants. One of somebody who has yet to add a second factor names neither:
   * services that check it by themselves would take it for what it names.
   */
  sign(
    account: Account,
    session: { id: string; authTime: Date; amr: string; expiresAt: Date },
    { audience, narrowedTo, withheld }: TokenGrant,
  ): { token: string; expiresIn: number; scope: string } {
    const now = this.clock.now();
    const iat = Math.floor(now.getTime() / 1000);
    const end = Math.floor(session.expiresAt.getTime() / 1000);
    const exp = Math.min(iat + this.config.accessTokenTtl / 1000, end);
    const key = this.keys.active();
    const scope = withheld ? '' : (narrowedTo ?? [...account.permissions]).join(' ');
    const claims: AccessTokenClaims = {
      iss: this.config.publicUrl,
      aud: audience,
      sub: account.id,
      client_id: FIRST_PARTY_CLIENT,
      sid: session.id,
      jti: uuidv7(now),
      iat,
      exp,
      auth_time: Math.floor(session.authTime.getTime() / 1000),
      amr: session.amr.split(' '),
      roles: narrowedTo || withheld ? [] : [...account.roles],
      scope,
      ...(narrowedTo ? { narrowed: true } : {}),
    };
    const token = this.jwt.sign(claims, {
      algorithm: key.alg,
      // Typed as text, but a KeyObject is passed on as it is, and text would be parsed every time.
      privateKey: key.privateKey as unknown as string,
      header: { alg: key.alg, typ: 'at+jwt', kid: key.kid },
    });
    return { token, expiresIn: Math.max(0, exp - iat), scope };
  }

  /**
   * @throws Problem token_malformed, token_signature_invalid, token_expired or
   *   token_wrong_audience
   */
  verify(token: string): VerifiedClaims {
    const kept = this.#verified.get(token);
    if (kept) {
      if (this.keys.find(kept.key.kid) !== kept.key) throw new Problem('token_signature_invalid');
      if (isItsTime(kept.claims, this.clock.now())) return kept.claims;
      this.#verified.delete(token);
      throw new Problem('token_expired');
    }
    if (!COMPACT_JWS.test(token)) throw new Problem('token_malformed');
    const key = this.#keyOf(token);
    const claims = this.#checked(token, key, [this.config.accessTokenAudience]);
    if (!isItsTime(claims, this.clock.now())) throw new Problem('token_expired');
    this.#keep(token, { key, claims });
    return claims;
  }

  /**
   * The claims of a token for any of these audiences, which need not be this server's; undefined
   * when it is none, or not good any more.
   */
  inspect(token: string, audiences: readonly string[]): VerifiedClaims | undefined {
    if (!COMPACT_JWS.test(token)) return undefined;
    try {
      const claims = this.#checked(token, this.#keyOf(token), audiences);
      return isItsTime(claims, this.clock.now()) ? claims : undefined;
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  }

  /** The claims of a token that {@link verify} has found good before and that still is. */
  known(token: string): VerifiedClaims | undefined {
    const kept = this.#verified.get(token);
    if (!kept || this.keys.find(kept.key.kid) !== kept.key) return undefined;
    return isItsTime(kept.claims, this.clock.now()) ? kept.claims : undefined;
  }

  /** The key that the header names, after everything else the header may say has been refused. */
  #keyOf(token: string): SigningKey {
    const [head = '', , signature = ''] = token.split('.');
    let header: Record<string, unknown>;
    try {
      header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
    } catch {
      throw new Problem('token_malformed');
    }
    const kid = header?.kid;
    const key = typeof kid === 'string' ? this.keys.find(kid) : undefined;
    // RFC 9068 section 4: "The resource server MUST verify that the typ header value is at+jwt",
    // so that no other token of ours passes for an access token. RFC 8725 section 3.1: the
    // algorithm is the key's, not the token's choice.
    if (!key || header.alg !== key.alg || header.typ !== 'at+jwt' || 'crit' in header) {
      throw new Problem('token_signature_invalid');
    }
    // Other bytes may still be as good, as (r, n - s) is for an ES256 signature (r, s).
    if (!fromBase64url(signature)) throw new Problem('token_signature_invalid');
    return key;
  }

  #checked(token: string, key: SigningKey, audiences: readonly string[]): VerifiedClaims {
    let claims: AccessTokenClaims;
    try {
      claims = this.jwt.verify<AccessTokenClaims>(token, {
        algorithms: [key.alg],
        publicKey: key.publicKey as unknown as string,
        issuer: this.config.publicUrl,
        audience: audiences as [string, ...string[]],
        clockTimestamp: Math.floor(this.clock.now().getTime() / 1000),
      });
    } catch (error) {
      throw new Problem(codeOf(error));
    }
    if (
      typeof claims.sub !== 'string' ||
      typeof claims.sid !== 'string' ||
      typeof claims.aud !== 'string' ||
      !Number.isSafeInteger(claims.iat) ||
      !Number.isSafeInteger(claims.exp)
    ) {
      throw new Problem('token_signature_invalid');
    }
    return claims.narrowed ? { ...claims, narrowedTo: new Set(claims.scope.split(' ')) } : claims;
  }

  #keep(token: string, verified: { key: SigningKey; claims: VerifiedClaims }): void {
    if (this.#verified.size >= KEPT_TOKENS) {
      this.#verified.delete(this.#verified.keys().next().value!);
    }
    this.#verified.set(token, verified);
  }
}

/**
 * Not expired, and not from a time to come: a clock that ran ahead and was set back would leave
 * tokens that live for longer than any may. Whoever holds one refreshes, as if it had expired.
 */
function isItsTime({ iat, exp }: AccessTokenClaims, now: Date): boolean {
  const seconds = now.getTime() / 1000;
  return exp > seconds && iat <= seconds + CLOCK_SKEW;
}

/** jsonwebtoken tells its refusals apart by name and text. */
function codeOf(error: unknown): Code {
  const { name, message } = error as Error;
  if (name === 'TokenExpiredError') return 'token_expired';
  if (message.startsWith('jwt audience invalid')) return 'token_wrong_audience';
  return 'token_signature_invalid';
}
