import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { EvictingCache } from '../../common/evicting-cache.js';
import { Database } from '../../database/database.js';
import type { TotpFactor } from '../../generated/prisma/client.js';
import { type FactorFacts, SecondFactors } from './second-factors.js';
import { newSeed, startOfStep } from './totp.js';

/** How long a seed that was shown waits for its first code, in milliseconds. */
export const ENROLMENT_TTL = 15 * 60_000;
const KEPT_SEEDS = 10_000;

/** A seed in clear, and as it is stored, which tells whether it is still the same. */
export interface Seed {
  readonly base32: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/**
 * Owner of the table TotpFactor: one authenticator app for each account. Sealed seeds are kept in
 * memory, so that to check a code reads nothing: the step of signing in that asks for the code has
 * looked up that there is a seed, and the check itself is one guarded update.
 */
@Injectable()
export class TotpFactors implements OnModuleInit {
  readonly #sealed = new EvictingCache<Uint8Array<ArrayBuffer>>(KEPT_SEEDS);

  constructor(
    private readonly database: Database,
    private readonly secondFactors: SecondFactors,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {
    database.onForeignChange(() => this.#sealed.clear());
  }

  onModuleInit(): void {
    this.secondFactors.register({
      method: 'totp',
      has: async (userId) => (await this.#confirmed(userId)) !== undefined,
      facts: (userId) => this.#facts(userId),
      removeSince: (userId, since) => this.#removeSince(userId, since),
    });
  }

  /**
   * Makes a seed that counts once it is confirmed, in the place of one that was not.
   *
   * @returns undefined when the account has a confirmed one
   */
  async begin(userId: string): Promise<Seed | undefined> {
    const base32 = newSeed();
    const sealed = this.masterKey.seal('totp-seed-at-rest', userId, Buffer.from(base32));
    const begun = await this.database.execute`
      INSERT INTO "TotpFactor" ("userId", "seed", "lastStep", "createdAt")
      VALUES (${userId}, ${sealed}, 0, ${this.clock.now()})
      ON CONFLICT ("userId") DO UPDATE SET
        "seed" = excluded."seed", "lastStep" = 0, "createdAt" = excluded."createdAt"
      WHERE "confirmedAt" IS NULL`;
    return begun === 1 ? { base32, sealed } : undefined;
  }

  /** The seed that waits to be confirmed. */
  async begun(userId: string): Promise<Seed | undefined> {
    const [row] = await this.database.query<TotpFactor>`
      SELECT * FROM "TotpFactor"
      WHERE "userId" = ${userId} AND "confirmedAt" IS NULL
        AND "createdAt" > ${later(this.clock.now(), -ENROLMENT_TTL)}`;
    return row && this.#opened(userId, row.seed);
  }

  /**
   * Makes a seed count. Its code was used: that step is spent.
   *
   * @returns false when another one has taken its place, or it was confirmed by somebody faster
   */
  async confirm(userId: string, { sealed }: Seed, step: number): Promise<boolean> {
    const confirmed = await this.database.execute`
      UPDATE "TotpFactor" SET "confirmedAt" = ${this.clock.now()}, "lastStep" = ${step}
      WHERE "userId" = ${userId} AND "seed" = ${sealed} AND "confirmedAt" IS NULL`;
    this.#changed(userId);
    return confirmed === 1;
  }

  /** The seed that counts. */
  async find(userId: string): Promise<Seed | undefined> {
    const sealed = await this.#confirmed(userId);
    return sealed && this.#opened(userId, sealed);
  }

  /**
   * Spends a time step: "The verifier MUST NOT accept the second attempt of the OTP after the
   * successful validation has been issued for the first OTP" (RFC 6238 section 5.2). Steps before
   * one that was spent are spent, too. Of parallel calls one gets true.
   */
  async spend(userId: string, { sealed }: Seed, step: number): Promise<boolean> {
    const spent = await this.database.execute`
      UPDATE "TotpFactor" SET "lastStep" = ${step}
      WHERE "userId" = ${userId} AND "lastStep" < ${step}
        AND "seed" = ${sealed} AND "confirmedAt" IS NOT NULL`;
    return spent === 1;
  }

  /** False when there is none that counts. */
  async remove(userId: string): Promise<boolean> {
    const removed = await this.database.execute`
      DELETE FROM "TotpFactor" WHERE "userId" = ${userId} AND "confirmedAt" IS NOT NULL`;
    this.#changed(userId);
    return removed === 1;
  }

  async #removeSince(userId: string, since: Date): Promise<number> {
    const removed = await this.database.execute`
      DELETE FROM "TotpFactor" WHERE "userId" = ${userId} AND "confirmedAt" >= ${since}`;
    this.#changed(userId);
    return removed;
  }

  #confirmed(userId: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const load = async () => {
      const [row] = await this.database.query<Pick<TotpFactor, 'seed'>>`
        SELECT "seed" FROM "TotpFactor" WHERE "userId" = ${userId} AND "confirmedAt" IS NOT NULL`;
      return row?.seed;
    };
    return this.database.inTransaction ? load() : this.#sealed.get(userId, load);
  }

  async #facts(userId: string): Promise<FactorFacts[]> {
    const found = await this.database.client.totpFactor.findMany({
      where: { userId, confirmedAt: { not: null } },
      select: { createdAt: true, lastStep: true },
    });
    return found.map(({ createdAt, lastStep }) => ({
      method: 'totp',
      name: null,
      createdAt,
      lastUsedAt: startOfStep(lastStep),
    }));
  }

  #opened(userId: string, sealed: Uint8Array<ArrayBuffer>): Seed {
    const base32 = this.masterKey.open('totp-seed-at-rest', userId, sealed).toString();
    return { base32, sealed };
  }

  #changed(userId: string): void {
    this.database.afterCommit(() => this.#sealed.evict(userId));
  }
}
