import { MayBeAbsent, NameField, SecretField } from '../../common/http/fields.js';
import { IsBoolean, IsIn, MinLength } from 'class-validator';
import { TokenChoice } from '../tokens/token-choice.dto.js';
import {
  type AuthenticationResponse,
  AuthenticationResponseField,
  type RegistrationResponse,
  RegistrationResponseField,
} from './webauthn-json.js';

/** How a browser finds one passkey again. */
export class PasskeyDescriptor {
  /** base64url. */
  id!: string;
  type!: 'public-key';
  /** @example ["internal","hybrid"] */
  transports!: string[];
}

export class RelyingPartyEntity {
  /** @example accounts.example.org */
  id!: string;
  name!: string;
}

export class PasskeyUserEntity {
  /** The account, as an opaque handle. */
  id!: string;
  /** Shown by the browser. @example ada@example.org */
  name!: string;
  /** Beside it. @example Ada Lovelace */
  displayName!: string;
}

export class PasskeyAlgorithm {
  /** COSE algorithm. @example -7 */
  alg!: number;
  type!: 'public-key';
}

export class PasskeySelection {
  residentKey!: 'required';
  requireResidentKey!: boolean;
  userVerification!: 'required';
}

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export class PasskeyRegistrationOptions {
  rp!: RelyingPartyEntity;
  user!: PasskeyUserEntity;
  /** base64url. Works once, for this session. */
  challenge!: string;
  pubKeyCredParams!: PasskeyAlgorithm[];
  /** Milliseconds. @example 300000 */
  timeout!: number;
  /** The passkeys the person has: none is made where one of them is kept. */
  excludeCredentials!: PasskeyDescriptor[];
  authenticatorSelection!: PasskeySelection;
  attestation!: 'none';
}

export class RegisterPasskeyRequest {
  @RegistrationResponseField()
  response!: RegistrationResponse;

  /** What to call it; left out, it is called after where it is kept. */
  @MayBeAbsent()
  @NameField(64, 'Phone')
  name?: string;
}

export class PasskeyResponse {
  /** @example 019a7f3e-0000-7000-8000-000000000000 */
  id!: string;
  /** What its person calls it. @example iCloud Keychain */
  name!: string;
  /** base64url; what `PublicKeyCredential.signalAllAcceptedCredentials()` wants to know. */
  credentialId!: string;
  /** @example ["internal","hybrid"] */
  transports!: string[];
  /** Whether its maker may copy it to other devices of the person. */
  backupEligible!: boolean;
  /** Whether it has. If not, it is lost with its device. */
  backedUp!: boolean;
  createdAt!: Date;
  lastUsedAt!: Date | null;
}

export class RegisteredPasskey extends PasskeyResponse {
  /** Shown this once, and only with the first factor of the account. */
  recoveryCodes?: string[];
}

export class RenamePasskeyRequest {
  @NameField(64, 'Phone')
  @MinLength(1)
  name!: string;
}

export class PasskeyAuthenticationOptionsRequest {
  /** To use a passkey as the second factor: what the sign-in was answered with. */
  @MayBeAbsent()
  @SecretField()
  mfa_token?: string;

  /** To prove again who one is: signed in, for `POST /auth/reauthenticate`. */
  @MayBeAbsent()
  @IsIn(['reauthenticate'])
  purpose?: 'reauthenticate';
}

/** For `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
export class PasskeyAuthenticationOptions {
  /** base64url. Works once. */
  challenge!: string;
  /** @example accounts.example.org */
  rpId!: string;
  /** Milliseconds. @example 300000 */
  timeout!: number;
  userVerification!: 'required';
  /** Empty when it is not known yet who signs in: the browser offers what it has. */
  allowCredentials!: PasskeyDescriptor[];
}

export class PasskeyAuthenticationRequest extends TokenChoice {
  @AuthenticationResponseField()
  response!: AuthenticationResponse;

  /** Left out, the passkey alone signs in. */
  @MayBeAbsent()
  @SecretField()
  mfa_token?: string;

  /** true: for thirty days, the password on this device asks for no second factor. */
  @MayBeAbsent()
  @IsBoolean()
  trustDevice?: boolean;
}
