import { PasswordField } from '../../common/http/fields.js';

export class DeleteOwnAccountRequest {
  @PasswordField()
  currentPassword!: string;
}

export class ExportedProfile {
  /** @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11 */
  id!: string;
  /** @example ada@example.org */
  email!: string;
  emailVerifiedAt!: Date | null;
  name!: string | null;
  /** The language mails are written in (BCP 47), if one was chosen. */
  locale!: string | null;
  status!: 'active' | 'disabled';
  /** Whether a password is kept, as a hash nobody can read it from. */
  hasPassword!: boolean;
  passwordChangedAt!: Date | null;
  createdAt!: Date;
  updatedAt!: Date;
  lastLoginAt!: Date | null;
}

export class ExportedRole {
  /** @example user */
  name!: string;
  /** Id of the administrator who gave it; null: the server did. */
  grantedBy!: string | null;
  grantedAt!: Date;
}

export class ExportedPermissionUse {
  /** @example users:read */
  permission!: string;
  /** To about a minute. */
  lastUsedAt!: Date;
}

/** That somebody looked at what the person may do. */
export class ExportedAccessReview {
  at!: Date;
  /** Id of who reviewed. */
  reviewer!: string;
  /** @example confirmed */
  decision!: string;
  note!: string | null;
}

/** A second factor, or a recovery code. What it is checked by is left out. */
export class ExportedSecondFactor {
  /** @example totp */
  method!: string;
  /** What the person calls it. */
  name!: string | null;
  createdAt!: Date;
  lastUsedAt!: Date | null;
}

export class ExportedSession {
  id!: string;
  createdAt!: Date;
  lastUsedAt!: Date;
  expiresAt!: Date;
  endedAt!: Date | null;
  /** @example logout */
  endReason!: string | null;
  userAgent!: string | null;
  ip!: string | null;
  label!: string | null;
  /** How the person proved who they are (RFC 8176). @example ["pwd"] */
  amr!: string[];
  /** When they did. */
  authTime!: Date;
}

/** A device that need not prove a second factor. What it is known by is left out. */
export class ExportedTrustedDevice {
  id!: string;
  label!: string | null;
  ip!: string | null;
  createdAt!: Date;
  lastUsedAt!: Date;
  expiresAt!: Date;
}

/** An API key. What it is checked by is left out. */
export class ExportedApiKey {
  id!: string;
  /** @example nightly report */
  name!: string;
  permissions!: string[];
  networks!: string[];
  createdAt!: Date;
  expiresAt!: Date | null;
  endedAt!: Date | null;
  /** @example ended_by_user */
  endReason!: string | null;
  lastUsedAt!: Date | null;
  lastUsedIp!: string | null;
}

export class ExportedPasskey {
  id!: string;
  /** @example iCloud Keychain */
  name!: string;
  /** base64url. */
  credentialId!: string;
  /** COSE_Key, base64url. It can check a signature, not make one. */
  publicKey!: string;
  counter!: number;
  /** Model of the authenticator, if it says. @example fbfc3007-154e-4ecc-8c0b-6e020557d7bd */
  aaguid!: string;
  /** @example internal hybrid */
  transports!: string;
  backupEligible!: boolean;
  backedUp!: boolean;
  createdAt!: Date;
  lastUsedAt!: Date | null;
}

/** A mailed link. What it is checked by is left out. */
export class ExportedOneTimeToken {
  /** @example verify_email */
  purpose!: string;
  /** The address it was mailed to. */
  address!: string;
  createdAt!: Date;
  expiresAt!: Date;
  usedAt!: Date | null;
}

/** A mail to the account's address. What it said is not kept once it is sent. */
export class ExportedMail {
  /** What it was about. @example verify-email */
  kind!: string;
  recipient!: string;
  /** @example sent */
  state!: string;
  createdAt!: Date;
  sentAt!: Date | null;
}

export class ExportedEvent {
  id!: string;
  at!: Date;
  /** @example password.changed */
  type!: string;
  /** Id of who did it; null: nobody was signed in. */
  actor!: string | null;
  /** Id of whom or what it was done to. */
  subject!: string | null;
  /** Where the request came from; left out when somebody else made it. */
  ip!: string | null;
  /** How the request was signed in. @example Bearer */
  scheme!: string | null;
  /** What it was like before and after, where that was recorded. */
  detail!: object | null;
}

/** Everything the server holds about an account. */
export class AccountExport {
  exportedAt!: Date;
  profile!: ExportedProfile;
  roles!: ExportedRole[];
  /** When each sensitive permission was last used. */
  permissionUses!: ExportedPermissionUse[];
  /** Of this person alone. */
  accessReviews!: ExportedAccessReview[];
  secondFactors!: ExportedSecondFactor[];
  /** Standing and ended ones that are still kept. */
  sessions!: ExportedSession[];
  trustedDevices!: ExportedTrustedDevice[];
  /** Standing and ended ones that are still kept. */
  apiKeys!: ExportedApiKey[];
  passkeys!: ExportedPasskey[];
  oneTimeTokens!: ExportedOneTimeToken[];
  mails!: ExportedMail[];
  /** What was done to the account, and what it did. */
  auditEvents!: ExportedEvent[];
}
