import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { SigningKeys } from './signing-keys.js';

/** Signs what services are told, by the key that access tokens are signed with. */
@Injectable()
export class SignedStatements {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
  ) {}

  /** Id of the key the next statement is signed with. */
  get kid(): string {
    return this.keys.active().kid;
  }

  /**
   * A compact JWS.
   *
   * @param typ what it is, so that it passes for nothing else (RFC 8725 section 3.11); never `at+jwt`
   */
  sign(typ: string, claims: object): string {
    const key = this.keys.active();
    return this.jwt.sign(claims, {
      algorithm: key.alg,
      // Typed as text, but a KeyObject is passed on as it is: see AccessTokens.
      privateKey: key.privateKey as unknown as string,
      header: { alg: key.alg, typ, kid: key.kid },
    });
  }
}
