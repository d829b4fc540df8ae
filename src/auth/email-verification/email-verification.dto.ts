import { EmailField, MayBeAbsent, SecretField } from '../../common/http/fields.js';

/** Either the token of the link, or the address and the six-digit code of the same mail. */
export class VerifyEmailRequest {
  @MayBeAbsent()
  @SecretField()
  token?: string;

  @MayBeAbsent()
  @EmailField()
  email?: string;

  /** Six digits; five tries. */
  @MayBeAbsent()
  @SecretField(16, '123456')
  code?: string;
}

export class VerifyEmailResponse {
  /** already_verified: this token has confirmed the address before. */
  status!: 'verified' | 'already_verified';
}

export class ResendRequest {
  @EmailField()
  email!: string;
}
