import {
  type AuthenticationResponse,
  AuthenticationResponseField,
} from '../passkeys/webauthn-json.js';
import { MayBeAbsent, PasswordField, SecretField } from '../../common/http/fields.js';

export class ReauthenticateRequest {
  @MayBeAbsent()
  @PasswordField()
  password?: string;

  /** The code of the authenticator app; needed when the account has a second factor. */
  @MayBeAbsent()
  @SecretField(12, '123456')
  code?: string;

  /**
   * A passkey in the place of both, by the options of
   * `POST /auth/passkeys/authentication/options {"purpose": "reauthenticate"}`.
   */
  @MayBeAbsent()
  @AuthenticationResponseField()
  response?: AuthenticationResponse;
}

export class ReauthenticateResponse {
  /** Until then the routes that need a recent sign-in answer. */
  recentUntil!: Date;
}
