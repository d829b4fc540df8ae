import {
  EmailField,
  MayBeAbsent,
  PasswordField,
  RequiredUnlessEmpty,
  SecretField,
} from '../../common/http/fields.js';
import { TokenChoice } from '../tokens/token-choice.dto.js';

/** Either address and password, or neither and `Authorization: Basic`. */
export class LoginRequest extends TokenChoice {
  @RequiredUnlessEmpty('audience', 'resource', 'scope')
  @EmailField()
  email?: string;

  @RequiredUnlessEmpty('audience', 'resource', 'scope')
  @PasswordField()
  password?: string;
}

/** Without a token to refresh by the session cookie. */
export class RefreshRequest extends TokenChoice {
  /** The newest refresh token of the session. */
  @RequiredUnlessEmpty('audience', 'resource', 'scope')
  @SecretField()
  refresh_token?: string;
}

/** Empty to end the session of the access token, or of the session cookie. */
export class LogoutRequest {
  /** A refresh token of the session to end, when there is no access token left. */
  @MayBeAbsent()
  @SecretField()
  refresh_token?: string;
}
