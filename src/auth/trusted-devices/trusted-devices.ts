import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock, later } from '../../clock.js';
import { hashSecretToken, newSecretToken } from '../../common/crypto/secret-token.js';
import { uuidv7 } from '../../common/crypto/uuid.js';
import { Problem } from '../../common/errors/problem.js';
import { currentAddress } from '../../common/http/request-context.js';
import { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { stretches } from '../../database/stretches.js';
import type { TrustedDevice } from '../../generated/prisma/client.js';
import type { Account } from '../../users/accounts.js';
import type { AuthenticationMethod } from '../login/authentication-method.js';
import { needsFactor } from '../login/sign-in.policy.js';
import { currentUserAgent, deviceLabel } from '../sessions/device-label.js';
import { type EndReason, Sessions } from '../sessions/sessions.js';
import { TrustedDeviceCookie } from './trusted-device-cookie.js';

const PREFIX = 'lk_td_';
const TRUSTED_SECONDS = 30 * 86_400;

/**
 * Owner of the table TrustedDevice: browsers that need not prove a second factor for thirty days,
 * because their person asked for that when proving one. It stands in for the factor beside the
 * password, and beside nothing else. Only a hash of the cookie's secret is stored.
 *
 * What ends all of somebody's sessions ends this, too: a new password, a change of factors or of
 * the address, "this was not me", an administrator. Only whoever ends all of their own keeps their
 * devices: that is how one signs out.
 */
@Injectable()
export class TrustedDevices implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly cookie: TrustedDeviceCookie,
    private readonly sessions: Sessions,
    private readonly audit: Audit,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sessions.onAllEnded(async (userId, reason, actor) => {
      if (reason !== 'ended_by_user') await this.endAll(userId, reason, actor);
    });
  }

  /**
   * The device of the present request, if it stands in for a second factor beside these methods.
   * Never for an account with a role that needs one.
   */
  async standIn(
    account: Account,
    methods: readonly AuthenticationMethod[],
  ): Promise<TrustedDevice | undefined> {
    if (!methods.includes('pwd') || this.#mustAlwaysProve(account)) return undefined;
    return this.current(account.id);
  }

  /** The device of the present request, if this user trusts it. */
  async current(userId: string): Promise<TrustedDevice | undefined> {
    const sent = this.cookie.sent();
    if (sent === undefined) return undefined;
    const [found] = await this.database.query<TrustedDevice>`
      SELECT * FROM "TrustedDevice"
      WHERE "tokenHash" = ${hashSecretToken(sent)} AND "userId" = ${userId}
        AND "expiresAt" > ${this.clock.now()}`;
    return found;
  }

  /**
   * Notes that the device stood in. Call it in the transaction that starts the session.
   *
   * @throws Problem invalid_credentials when its trust has ended meanwhile
   */
  async use({ id }: Pick<TrustedDevice, 'id'>): Promise<void> {
    const now = this.clock.now();
    const used = await this.database.execute`
      UPDATE "TrustedDevice" SET "lastUsedAt" = ${now} WHERE "id" = ${id} AND "expiresAt" > ${now}`;
    if (used === 0) throw new Problem('invalid_credentials');
  }

  /**
   * Trusts the device of the present request. Call it in the transaction of a sign-in that has just
   * proved the second factor.
   *
   * The secret is a new one each time: whoever has seen the earlier one must not be trusted with
   * it. Other accounts that trust this browser go along with it.
   *
   * @returns false when no device can be trusted here
   */
  async trust(account: Account): Promise<boolean> {
    if (this.#mustAlwaysProve(account) || !this.cookie.isKept()) return false;
    const now = this.clock.now();
    const token = newSecretToken(PREFIX);
    const tokenHash = hashSecretToken(token);
    const label = deviceLabel(currentUserAgent());
    const expiresAt = later(now, TRUSTED_SECONDS * 1000);
    const sent = this.cookie.sent();
    if (sent !== undefined) {
      await this.database.execute`
        UPDATE "TrustedDevice" SET "tokenHash" = ${tokenHash}
        WHERE "tokenHash" = ${hashSecretToken(sent)}`;
    }
    await this.database.execute`
      INSERT INTO "TrustedDevice" ("id", "userId", "tokenHash", "label", "ip", "createdAt",
                                   "lastUsedAt", "expiresAt")
      VALUES (${uuidv7(now)}, ${account.id}, ${tokenHash}, ${label}, ${currentAddress()}, ${now},
              ${now}, ${expiresAt})
      ON CONFLICT ("tokenHash", "userId") DO UPDATE SET
        "label" = excluded."label", "ip" = excluded."ip", "createdAt" = excluded."createdAt",
        "lastUsedAt" = excluded."lastUsedAt", "expiresAt" = excluded."expiresAt"`;
    await this.audit.record({ type: 'device.trusted', actor: account.id, subject: account.id });
    this.database.afterCommit(() => this.cookie.set(token, TRUSTED_SECONDS));
    return true;
  }

  /** Devices a user trusts, oldest first. */
  list(userId: string, after: string | undefined, take: number): Promise<TrustedDevice[]> {
    return this.database.client.trustedDevice.findMany({
      where: { ...this.#live(userId), ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  }

  count(userId: string): Promise<number> {
    return this.database.client.trustedDevice.count({ where: this.#live(userId) });
  }

  /** Every device of a user that is still kept, without what it is trusted by. */
  history(userId: string): Promise<Omit<TrustedDevice, 'userId' | 'tokenHash'>[]> {
    return this.database.client.trustedDevice.findMany({
      where: { userId },
      omit: { userId: true, tokenHash: true },
      orderBy: { id: 'asc' },
    });
  }

  /** The user's own doing. False: it is none of theirs. */
  end(userId: string, id: string): Promise<boolean> {
    return this.database.transaction(async () => {
      const { count } = await this.database.client.trustedDevice.deleteMany({
        where: { ...this.#live(userId), id },
      });
      await this.#recordEnd(userId, count, 'ended_by_user', userId);
      return count === 1;
    });
  }

  async endAll(userId: string, reason: EndReason, actor: string | undefined): Promise<void> {
    await this.database.transaction(async () => {
      const { count } = await this.database.client.trustedDevice.deleteMany({ where: { userId } });
      await this.#recordEnd(userId, count, reason, actor);
    });
  }

  /** No device is trusted any more, whoever's it is. */
  async endEverybodys(): Promise<void> {
    await this.database.client.trustedDevice.deleteMany();
  }

  /** Deletes those whose time is over; yields how many at each step. */
  async *forgetExpired(now: Date): AsyncGenerator<number> {
    for await (const id of stretches(this.database, 'TrustedDevice')) {
      const { count } = await this.database.client.trustedDevice.deleteMany({
        where: { id, expiresAt: { lte: now } },
      });
      yield count;
    }
  }

  async #recordEnd(
    userId: string,
    devices: number,
    reason: EndReason,
    actor: string | undefined,
  ): Promise<void> {
    if (devices === 0) return;
    await this.audit.record({
      type: 'device.trust_ended',
      actor,
      subject: userId,
      after: { devices, reason },
    });
  }

  #live(userId: string) {
    return { userId, expiresAt: { gt: this.clock.now() } };
  }

  #mustAlwaysProve({ roles }: Account): boolean {
    return needsFactor(roles, this.config.mfaRequiredRoles);
  }
}
