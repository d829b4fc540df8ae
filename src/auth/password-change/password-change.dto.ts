import { PasswordField } from '../../common/http/fields.js';

export class ChangePasswordRequest {
  @PasswordField()
  currentPassword!: string;

  /** 8 to 128 characters, any of them; common passwords and the current one are refused. */
  @PasswordField('wholly different words here')
  newPassword!: string;
}
