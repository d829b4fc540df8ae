import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { type AccessTokenClaims, AccessTokens } from '../tokens/access-tokens.js';
import { bearerToken } from './authorization-header.js';
import { StandingCheck } from './standing.js';

/**
 * passport-jwt with parsing and verification of our own. Its header pattern is quadratic (15 kB
 * cost 240 ms), and its verifier knows neither our set of keys nor `typ` nor the tokens already
 * verified. The "key" it is given for a token is therefore the object that verifies it.
 * See docs/decisions/0003-passport-strategies.md.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    accessTokens: AccessTokens,
    private readonly standing: StandingCheck,
  ) {
    super({
      jwtFromRequest: (request) =>
        bearerToken((request as unknown as FastifyRequest).headers.authorization),
      secretOrKeyProvider: (_request, _token, done) =>
        done(null, accessTokens as unknown as Buffer),
    });
  }

  /** Passport hands over claims whose signature, type, issuer, audience and times are right. */
  validate(claims: AccessTokenClaims): Promise<Principal> {
    return this.standing.ofToken(claims);
  }
}

interface Verifier {
  JwtVerifier: (
    token: string,
    accessTokens: AccessTokens,
    options: unknown,
    done: (problem: Problem | null, claims?: AccessTokenClaims) => void,
  ) => void;
}

(Strategy as unknown as Verifier).JwtVerifier = (token, accessTokens, _options, done) => {
  let claims: AccessTokenClaims;
  try {
    claims = accessTokens.verify(token);
  } catch (error) {
    if (error instanceof Problem) return done(error);
    throw error;
  }
  done(null, claims);
};
