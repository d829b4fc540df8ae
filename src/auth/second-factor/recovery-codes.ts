import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { uuidv7 } from '../../common/crypto/uuid.js';
import { Database } from '../../database/database.js';
import { canonicalRecoveryCode, writtenRecoveryCode } from './recovery-code.js';
import { type FactorFacts, SecondFactors } from './second-factors.js';

/** How many are given out at once. */
const CODES = 10;
/** Of randomness: past the 112 that ASVS 6.5.2 asks for where no slow hash is used. */
const CODE_BYTES = 15;

/** Owner of the table RecoveryCode. Only a keyed hash is stored; each works once. */
@Injectable()
export class RecoveryCodes implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly secondFactors: SecondFactors,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.secondFactors.register({
      method: 'recovery_code',
      standIn: true,
      has: async (userId) => (await this.left(userId)) > 0,
      count: (userId) => this.left(userId),
      facts: (userId) => this.#facts(userId),
      removeSince: (userId, since) =>
        this.database.execute`
          DELETE FROM "RecoveryCode" WHERE "userId" = ${userId} AND "createdAt" >= ${since}`,
    });
  }

  /** New codes, as they are shown to the person; the old ones no longer work. */
  async renew(userId: string): Promise<string[]> {
    const now = this.clock.now();
    const codes = Array.from({ length: CODES }, () => writtenRecoveryCode(randomBytes(CODE_BYTES)));
    await this.database.transaction(async () => {
      await this.forget(userId);
      await this.database.client.recoveryCode.createMany({
        data: codes.map((code) => ({
          id: uuidv7(now),
          userId,
          codeHash: this.#hash(userId, code),
          createdAt: now,
        })),
      });
    });
    return codes;
  }

  /**
   * Uses up a code, however it was typed. False: it is none of the person's, or it was used; of
   * parallel calls one gets true.
   */
  async use(userId: string, typed: string): Promise<boolean> {
    const used = await this.database.execute`
      UPDATE "RecoveryCode" SET "usedAt" = ${this.clock.now()}
      WHERE "userId" = ${userId} AND "codeHash" = ${this.#hash(userId, typed)}
        AND "usedAt" IS NULL`;
    return used === 1;
  }

  /** How many are not used yet. */
  left(userId: string): Promise<number> {
    return this.database.client.recoveryCode.count({ where: { userId, usedAt: null } });
  }

  async forget(userId: string): Promise<void> {
    await this.database.client.recoveryCode.deleteMany({ where: { userId } });
  }

  async #facts(userId: string): Promise<FactorFacts[]> {
    const codes = await this.database.client.recoveryCode.findMany({
      where: { userId },
      select: { createdAt: true, usedAt: true },
      orderBy: { id: 'asc' },
    });
    return codes.map(({ createdAt, usedAt }) => ({
      method: 'recovery_code',
      name: null,
      createdAt,
      lastUsedAt: usedAt,
    }));
  }

  #hash(userId: string, code: string): Uint8Array<ArrayBuffer> {
    const data = `${userId}\0${canonicalRecoveryCode(code)}`;
    return new Uint8Array(this.masterKey.mac('recovery-code', data));
  }
}
