import {
  EmailField,
  MayBeAbsent,
  PasswordField,
  RequiredUnlessEmpty,
  SecretField,
} from '../../common/http/fields.js';

/** Either both fields, or an empty body and `Authorization: Basic`. */
export class LoginRequest {
  @RequiredUnlessEmpty()
  @EmailField()
  email?: string;

  @RequiredUnlessEmpty()
  @PasswordField()
  password?: string;
}

/** Empty to refresh by the session cookie. */
export class RefreshRequest {
  /** The newest refresh token of the session. */
  @RequiredUnlessEmpty()
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
