import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { uuidv7 } from '../../common/crypto/uuid.js';
import { Database } from '../../database/database.js';
import type { Passkey as Row } from '../../generated/prisma/client.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import type { MadePasskey } from './webauthn.js';

/** A passkey as it is kept. */
export type Passkey = Omit<Row, 'counter' | 'credentialId' | 'publicKey'> & {
  readonly credentialId: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly counter: number;
};

/** How many passkeys one person may have. */
export const MOST_PASSKEYS = 20;

/** Owner of the table Passkey. */
@Injectable()
export class Passkeys implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly secondFactors: SecondFactors,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.secondFactors.register({
      method: 'passkey',
      has: async (userId) => (await this.count(userId)) > 0,
      count: (userId) => this.count(userId),
      removeSince: (userId, since) =>
        this.database.execute`
          DELETE FROM "Passkey" WHERE "userId" = ${userId} AND "createdAt" >= ${since}`,
    });
  }

  async byCredentialId(credentialId: Uint8Array): Promise<Passkey | undefined> {
    const [found] = await this.database.query<Passkey>`
      SELECT * FROM "Passkey" WHERE "credentialId" = ${credentialId}`;
    return found;
  }

  /** All of a person, at most {@link MOST_PASSKEYS}, oldest first. */
  of(userId: string): Promise<Passkey[]> {
    return this.database.query<Passkey>`
      SELECT * FROM "Passkey" WHERE "userId" = ${userId} ORDER BY "id"`;
  }

  /**
   * Keeps a passkey that has just been made.
   *
   * @returns its row; taken: somebody has it already, be it the same person; full: the person has
   *   as many as anybody may
   */
  async add(
    userId: string,
    made: MadePasskey,
    name: string,
    transports: readonly string[],
  ): Promise<Passkey | 'taken' | 'full'> {
    const now = this.clock.now();
    return this.database.transaction(async () => {
      if ((await this.count(userId)) >= MOST_PASSKEYS) return 'full';
      const [added] = await this.database.query<Passkey>`
        INSERT INTO "Passkey" ("id", "userId", "credentialId", "publicKey", "counter", "name",
                               "aaguid", "transports", "backupEligible", "backedUp", "createdAt")
        VALUES (${uuidv7(now)}, ${userId}, ${made.credentialId}, ${made.publicKey},
                ${made.counter}, ${name}, ${made.aaguid}, ${transports.join(' ')},
                ${made.backupEligible}, ${made.backedUp}, ${now})
        ON CONFLICT ("credentialId") DO NOTHING
        RETURNING *`;
      return added ?? 'taken';
    });
  }

  /**
   * Notes a use, unless the passkey is gone or its counter has moved on meanwhile (`movesOn`). One
   * statement: of two uses with the same counter, one gets true.
   */
  async noteUse(id: string, counter: number, backedUp: boolean): Promise<boolean> {
    const used = await this.database.execute`
      UPDATE "Passkey"
      SET "counter" = ${counter}, "backedUp" = ${backedUp}, "lastUsedAt" = ${this.clock.now()}
      WHERE "id" = ${id} AND ("counter" < ${counter} OR ("counter" = 0 AND ${counter} = 0))`;
    return used === 1;
  }

  /** @returns as it is now; undefined: the person has none with this id */
  async rename(userId: string, id: string, name: string): Promise<Passkey | undefined> {
    const [renamed] = await this.database.query<Passkey>`
      UPDATE "Passkey" SET "name" = ${name} WHERE "id" = ${id} AND "userId" = ${userId}
      RETURNING *`;
    return renamed;
  }

  /** @returns what it was; undefined: the person has none with this id */
  async remove(userId: string, id: string): Promise<Passkey | undefined> {
    const [removed] = await this.database.query<Passkey>`
      DELETE FROM "Passkey" WHERE "id" = ${id} AND "userId" = ${userId} RETURNING *`;
    return removed;
  }

  async count(userId: string): Promise<number> {
    const [row] = await this.database.query<{ total: number }>`
      SELECT count(*) AS "total" FROM "Passkey" WHERE "userId" = ${userId}`;
    return row!.total;
  }
}
