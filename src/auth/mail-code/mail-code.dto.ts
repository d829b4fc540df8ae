import { EmailField, SecretField } from '../../common/http/fields.js';
import { TokenChoice } from '../tokens/token-choice.dto.js';

export class MailCodeRequest {
  @EmailField()
  email!: string;
}

/** The same for known and unknown addresses. */
export class MailCodeResponse {
  /**
   * Send it back with the code. Keep it where the person will type the code, and nowhere else.
   *
   * @example lk_lt_kept-where-the-code-will-be-typed
   */
  login_token!: string;

  /** How long the code works, in seconds. @example 600 */
  expires_in!: number;

  /** @example If a code can be sent to this address, it is on its way. */
  message!: string;
}

export class MailCodeVerifyRequest extends TokenChoice {
  /** From the answer to the request for the code. */
  @SecretField(512, 'lk_lt_kept-where-the-code-will-be-typed')
  login_token!: string;

  /** Six digits; five tries. */
  @SecretField(16, '123456')
  code!: string;
}
