import { EmailField, PasswordField, SecretField } from '../../common/http/fields.js';

export class SetupRequest {
  /** From the link that the server printed when it started. */
  @SecretField()
  token!: string;

  @EmailField()
  email!: string;

  @PasswordField()
  password!: string;
}
