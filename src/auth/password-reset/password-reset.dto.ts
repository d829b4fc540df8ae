import { EmailField, PasswordField, SecretField } from '../../common/http/fields.js';

export class ForgotPasswordRequest {
  @EmailField()
  email!: string;
}

export class ResetPasswordRequest {
  /** The token of the link in the mail. */
  @SecretField()
  token!: string;

  @PasswordField()
  password!: string;
}
