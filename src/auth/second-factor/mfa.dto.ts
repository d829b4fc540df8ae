import { IsBoolean } from 'class-validator';
import { MayBeAbsent, PasswordField, SecretField } from '../../common/http/fields.js';
import { TokenChoice } from '../tokens/token-choice.dto.js';

const LONGEST_CODE = 12;
const LONGEST_RECOVERY_CODE = 64;

/** The second factors of the own account. */
export class MfaState {
  /** Whether codes of an authenticator app are asked for. */
  totp!: boolean;
  /** How many passkeys there are. @example 0 */
  passkeys!: number;
  /** How many recovery codes have not been used. @example 10 */
  recoveryCodesLeft!: number;
  /** Whether a role of the account needs a second factor: the last one cannot be done without. */
  requiredByRole!: boolean;
}

/** What an authenticator app needs. It is shown this once. */
export class TotpEnrolment {
  /** Base 32, to be typed where no picture can be read. @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP */
  secret!: string;
  /** @example otpauth://totp/localhost:ada%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=localhost */
  otpauthUri!: string;
  /** The same as a QR code: an SVG picture. @example <svg xmlns="http://www.w3.org/2000/svg">…</svg> */
  qrSvg!: string;
}

export class ConfirmTotpRequest {
  /** The code the app shows. */
  @SecretField(LONGEST_CODE, '123456')
  code!: string;
}

/** Each works once, in the place of a code. Shown this once: to be kept where the app is not. */
export class RecoveryCodesResponse {
  /** @example ["7G4K-9QWD-2MZX-P0RT-B8VN-5HCA"] */
  recoveryCodes!: string[];
}

export class ConfirmTotpResponse {
  /** With the first factor of an account. Each works once, in the place of a code. Shown this once. */
  recoveryCodes?: string[];
}

/** The password and one of both codes. */
export class RemoveTotpRequest {
  @PasswordField()
  currentPassword!: string;

  /** The code the app shows. */
  @MayBeAbsent()
  @SecretField(LONGEST_CODE, '123456')
  code?: string;

  /** One of the recovery codes, when there is no app any more. */
  @MayBeAbsent()
  @SecretField(LONGEST_RECOVERY_CODE, '7G4K-9QWD-2MZX-P0RT-B8VN-5HCA')
  recoveryCode?: string;
}

/** The token and one of both codes. */
export class VerifyMfaRequest extends TokenChoice {
  /** Of the answer mfa_required. */
  @SecretField()
  mfa_token!: string;

  /** The code the app shows. */
  @MayBeAbsent()
  @SecretField(LONGEST_CODE, '123456')
  code?: string;

  /** One of the recovery codes. */
  @MayBeAbsent()
  @SecretField(LONGEST_RECOVERY_CODE, '7G4K-9QWD-2MZX-P0RT-B8VN-5HCA')
  recovery_code?: string;

  /** true: for thirty days, the password on this device asks for no second factor. */
  @MayBeAbsent()
  @IsBoolean()
  trustDevice?: boolean;
}
