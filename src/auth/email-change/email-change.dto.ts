import { EmailField, PasswordField, SecretField } from '../../common/http/fields.js';

export class ChangeEmailRequest {
  @EmailField()
  newEmail!: string;

  @PasswordField()
  currentPassword!: string;
}

export class ConfirmEmailChangeRequest {
  /** The token of the link in the mail to the new address. */
  @SecretField()
  token!: string;
}

export class ConfirmEmailChangeResponse {
  /** The account has the new address from now on. */
  status!: 'changed';
}

export class CancelEmailChangeRequest {
  /** The token of the link in the mail to the present address. */
  @SecretField()
  token!: string;
}
