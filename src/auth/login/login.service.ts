import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/errors/problem.js';
import { invalid } from '../../common/http/validation.js';
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
   * @throws Problem invalid_credentials, email_not_verified, account_disabled, overloaded,
   *   rate_limited
   */
  async login(body: LoginRequest, authorization: string | undefined): Promise<TokenResponse> {
    const { userId, password } = credentialsOf(body, authorization);
    const account = await this.passwordCheck.check(userId, password);
    if (!account) throw new Problem('invalid_credentials');
    return this.signIn.complete(account, ['pwd']);
  }
}

/** From the body, or from the header when the body is empty; never from both. */
function credentialsOf(body: LoginRequest, authorization: string | undefined): UserPass {
  if (body.email === undefined && body.password === undefined && isBasic(authorization)) {
    const credentials = parseBasic(authorization!);
    if (!credentials) throw new Problem('token_malformed');
    return credentials;
  }
  if (body.email !== undefined && body.password !== undefined) {
    return { userId: body.email, password: body.password };
  }
  throw invalid(
    (['email', 'password'] as const)
      .filter((field) => body[field] === undefined)
      .map((field) => ({ pointer: `/${field}`, code: 'required', detail: `${field} is missing.` })),
  );
}
