import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/errors/problem.js';
import { invalid, missing } from '../../common/http/validation.js';
import { looksLikeApiKey } from '../api-keys/api-key.js';
import { PasswordCheck } from '../password/password-check.js';
import { isBasic, parseBasic, type UserPass } from '../schemes/authorization-header.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import type { LoginRequest } from './login.dto.js';
import { SignInService } from './sign-in.service.js';

/** Sign-in with a password, by JSON or by Basic. */
@Injectable()
export class LoginService {
  constructor(
    private readonly passwordCheck: PasswordCheck,
    private readonly signIn: SignInService,
  ) {}

  /**
   * @throws Problem invalid_credentials, email_not_verified, account_disabled, mfa_required,
   *   overloaded, rate_limited; validation_failed when the tokens asked for cannot be had
   */
  async login(body: LoginRequest, authorization: string | undefined): Promise<TokenResponse> {
    const { userId, password } = credentialsOf(body, authorization);
    // A session would count as a recent sign-in, and could do what a key must not.
    if (looksLikeApiKey(password)) throw keyOpensNoSession();
    const account = await this.passwordCheck.check(userId, password);
    if (!account) throw new Problem('invalid_credentials');
    return this.signIn.complete(account, ['pwd'], { tokens: body });
  }
}

/** From the body, or from the header when the body holds neither; never from both. */
function credentialsOf(body: LoginRequest, authorization: string | undefined): UserPass {
  const { email, password } = body;
  if (email !== undefined && password !== undefined) return { userId: email, password };
  if (!isBasic(authorization)) throw invalid(['email', 'password'].map(missing));
  const credentials = parseBasic(authorization!);
  if (!credentials) throw new Problem('token_malformed');
  return credentials;
}

function keyOpensNoSession(): Problem {
  return new Problem('invalid_credentials', {
    detail: 'An API key opens no session: send it with each request instead.',
  });
}
