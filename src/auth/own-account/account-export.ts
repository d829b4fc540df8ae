import { Injectable, Logger } from '@nestjs/common';
import { Trail, type TrailEvent } from '../../audit/trail.js';
import { Reviews } from '../../access-review/reviews.js';
import { Clock } from '../../clock.js';
import { Problem } from '../../common/errors/problem.js';
import type { OneTimeToken, Session, User } from '../../generated/prisma/client.js';
import { Outbox } from '../../mail/outbox/outbox.js';
import { Accounts } from '../../users/accounts.js';
import { PermissionUses } from '../../users/permission-uses.js';
import { ApiKeys, type ShownKey } from '../api-keys/api-keys.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { Sessions } from '../sessions/sessions.js';
import { TrustedDevices } from '../trusted-devices/trusted-devices.js';
import { type Passkey, Passkeys } from '../passkeys/passkeys.js';
import type {
  AccountExport,
  ExportedApiKey,
  ExportedEvent,
  ExportedOneTimeToken,
  ExportedPasskey,
  ExportedProfile,
  ExportedSession,
} from './own-account.dto.js';

/**
 * Collects everything held about one person (GDPR articles 15 and 20). Hashes and salts stay: they
 * say nothing about the person, and would help whoever finds the file. So do the network addresses
 * of others who did something to the account.
 */
@Injectable()
export class AccountExporter {
  readonly #log = new Logger('OwnAccount');

  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly trustedDevices: TrustedDevices,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly passkeys: Passkeys,
    private readonly outbox: Outbox,
    private readonly trail: Trail,
    private readonly permissionUses: PermissionUses,
    private readonly reviews: Reviews,
    private readonly secondFactors: SecondFactors,
    private readonly clock: Clock,
    private readonly apiKeys: ApiKeys,
  ) {}

  async export(userId: string): Promise<AccountExport> {
    // A line in the log, not in the audit trail: a GET changes nothing (RFC 9110 section 9.2.1).
    this.#log.log({ event: 'user.exported', userId });
    const account = await this.accounts.fresh(userId);
    if (!account) throw new Problem('token_revoked'); // deleted meanwhile
    const sessions = await this.sessions.history(userId);
    const tokens = await this.oneTimeTokens.history(userId);
    const passkeys = await this.passkeys.of(userId);
    const mails = await this.outbox.history(account.emailKey);
    const events = await this.trail.about(userId);
    const uses = (await this.permissionUses.of([userId])).get(userId) ?? [];
    const reviews = await this.reviews.about(userId);
    return {
      exportedAt: this.clock.now(),
      profile: profileOf(account),
      roles: await this.accounts.grantsOf(userId),
      permissionUses: Array.from(uses, ([permission, lastUsedAt]) => ({ permission, lastUsedAt })),
      accessReviews: reviews.map(({ at, reviewerId, decision, note }) => ({
        at,
        reviewer: reviewerId,
        decision,
        note,
      })),
      secondFactors: await this.secondFactors.factsOf(userId),
      sessions: sessions.map(sessionOf),
      trustedDevices: await this.trustedDevices.history(userId),
      apiKeys: (await this.apiKeys.history(userId)).map(apiKeyOf),
      passkeys: passkeys.map(passkeyOf),
      oneTimeTokens: tokens.map(tokenOf),
      mails: mails.map(({ template, ...facts }) => ({ kind: template, ...facts })),
      auditEvents: events.map((event) => eventOf(event, userId)),
    };
  }
}

function profileOf(user: User): ExportedProfile {
  return {
    id: user.id,
    email: user.email,
    emailVerifiedAt: user.emailVerifiedAt,
    name: user.name,
    locale: user.locale,
    status: user.status,
    hasPassword: user.passwordHash !== null,
    passwordChangedAt: user.passwordChangedAt,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    lastLoginAt: user.lastLoginAt,
  };
}

function sessionOf(session: Omit<Session, 'salt'>): ExportedSession {
  return {
    id: session.id,
    createdAt: session.createdAt,
    lastUsedAt: session.lastUsedAt,
    expiresAt: session.expiresAt,
    endedAt: session.endedAt,
    endReason: session.endReason,
    userAgent: session.userAgent,
    ip: session.ip,
    label: session.label,
    amr: session.amr.split(' '),
    authTime: session.authTime,
  };
}

function apiKeyOf(key: ShownKey): ExportedApiKey {
  return {
    id: key.id,
    name: key.name,
    permissions: key.permissions,
    networks: key.networks,
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
    endedAt: key.endedAt,
    endReason: key.endReason,
    lastUsedAt: key.lastUsedAt,
    lastUsedIp: key.lastUsedIp,
  };
}

function passkeyOf(passkey: Passkey): ExportedPasskey {
  return {
    id: passkey.id,
    name: passkey.name,
    credentialId: Buffer.from(passkey.credentialId).toString('base64url'),
    publicKey: Buffer.from(passkey.publicKey).toString('base64url'),
    counter: passkey.counter,
    aaguid: passkey.aaguid,
    transports: passkey.transports,
    backupEligible: passkey.backupEligible,
    backedUp: passkey.backedUp,
    createdAt: passkey.createdAt,
    lastUsedAt: passkey.lastUsedAt,
  };
}

function tokenOf(token: Omit<OneTimeToken, 'tokenHash' | 'codeHash'>): ExportedOneTimeToken {
  return {
    purpose: token.purpose,
    address: token.email ?? token.emailKey,
    createdAt: token.createdAt,
    expiresAt: token.expiresAt,
    usedAt: token.usedAt,
  };
}

function eventOf(event: TrailEvent, userId: string): ExportedEvent {
  const others = event.actor !== null && event.actor !== userId;
  return {
    id: event.id,
    at: event.at,
    type: event.type,
    actor: event.actor,
    subject: event.subject,
    ip: others ? null : event.ip,
    scheme: event.scheme,
    detail: event.detail as object | null,
  };
}
