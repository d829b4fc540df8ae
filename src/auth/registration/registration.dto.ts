import { EmailField, MayBeAbsent, NameField, PasswordField } from '../../common/http/fields.js';

export class RegisterRequest {
  @EmailField()
  email!: string;

  /** 8 to 128 characters, any of them; common passwords are refused. */
  @PasswordField()
  password!: string;

  @MayBeAbsent()
  @NameField()
  name?: string;
}

/** Says the same whether the address is known or not. */
export class AcceptedResponse {
  /** @example If this address can be used, a mail is on its way. */
  message!: string;
}
