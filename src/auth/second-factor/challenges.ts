import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import { hashSecretToken, newSecretToken } from '../../common/crypto/secret-token.js';
import { uuidv7 } from '../../common/crypto/uuid.js';
import { Problem } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import { stretches } from '../../database/stretches.js';
import type { MfaChallenge } from '../../generated/prisma/client.js';
import { type Account, Accounts } from '../../users/accounts.js';
import type { AuthenticationMethod } from '../login/authentication-method.js';
import { Sessions } from '../sessions/sessions.js';

const PREFIX = 'lk_mfa_';
const TOKEN = /^lk_mfa_[A-Za-z0-9_-]{43}$/;
/** How long the second factor may take, in milliseconds. */
export const CHALLENGE_TTL = 5 * 60_000;
/** So many codes are looked at; after that not even the right one counts. */
const TRIES = 5;

/** A sign-in that has come half way. */
export interface Challenge {
  readonly id: string;
  readonly account: Account;
  /** What was proved so far. */
  readonly methods: AuthenticationMethod[];
}

/**
 * Owner of the table MfaChallenge: sign-ins of which one factor is proved and the other one asked
 * for. An mfa_token says that the first was, and opens nothing by itself.
 */
@Injectable()
export class MfaChallenges implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  /** What ends every session ends what was about to become one. */
  onModuleInit(): void {
    this.sessions.onAllEnded((userId) => this.kill(userId));
  }

  /**
   * @param methods what the person has proved
   * @returns expiresIn in seconds
   */
  async begin(
    account: Account,
    methods: readonly AuthenticationMethod[],
  ): Promise<{ token: string; expiresIn: number }> {
    const now = this.clock.now();
    const token = newSecretToken(PREFIX);
    await this.database.execute`
      INSERT INTO "MfaChallenge" ("id", "tokenHash", "userId", "methods", "passwordChangedAt",
                                  "attemptsLeft", "createdAt", "expiresAt")
      VALUES (${uuidv7(now)}, ${hashSecretToken(token)}, ${account.id}, ${methods.join(' ')},
              ${account.passwordChangedAt}, ${TRIES}, ${now}, ${later(now, CHALLENGE_TTL)})`;
    return { token, expiresIn: CHALLENGE_TTL / 1000 };
  }

  /**
   * The sign-in an mfa_token belongs to, with the account as it is now. Looked up by its unique hash
   * only.
   *
   * @throws Problem token_invalid: unknown, expired, spent, tried too often, or the password was
   *   changed since
   */
  async find(token: string): Promise<Challenge> {
    const row = TOKEN.test(token) ? await this.#row(token) : undefined;
    const stands = row?.spentAt === null && row.attemptsLeft > 0;
    if (!stands || row.expiresAt <= this.clock.now()) throw new Problem('token_invalid');
    const account = await this.accounts.find(row.userId);
    if (!account || !isSameTime(account.passwordChangedAt, row.passwordChangedAt)) {
      throw new Problem('token_invalid');
    }
    return { id: row.id, account, methods: row.methods.split(' ') as AuthenticationMethod[] };
  }

  /**
   * Counts a try before it is judged, so that of many at once no more are than may be.
   *
   * @throws Problem token_invalid when none is left
   */
  async countTry({ id }: Pick<Challenge, 'id'>): Promise<void> {
    const counted = await this.database.execute`
      UPDATE "MfaChallenge" SET "attemptsLeft" = "attemptsLeft" - 1
      WHERE "id" = ${id} AND "spentAt" IS NULL AND "attemptsLeft" > 0`;
    if (counted === 0) throw new Problem('token_invalid');
  }

  /**
   * Spends a challenge; of parallel calls one succeeds. Call it in the transaction that starts the
   * session: `SignInService.complete` does, when it is given as `spend`.
   *
   * @throws Problem token_invalid
   */
  async spend(token: string): Promise<void> {
    const now = this.clock.now();
    const spent = await this.database.execute`
      UPDATE "MfaChallenge" SET "spentAt" = ${now}
      WHERE "tokenHash" = ${hashSecretToken(token)} AND "spentAt" IS NULL AND "expiresAt" > ${now}`;
    if (spent === 0) throw new Problem('token_invalid');
  }

  /** Every sign-in of the user that has come half way must begin again. */
  async kill(userId: string): Promise<void> {
    await this.database.execute`DELETE FROM "MfaChallenge" WHERE "userId" = ${userId}`;
  }

  /** Deletes those that expired before then; yields how many at each step. */
  async *forgetExpired(before: Date): AsyncGenerator<number> {
    for await (const id of stretches(this.database, 'MfaChallenge')) {
      const { count } = await this.database.client.mfaChallenge.deleteMany({
        where: { id, expiresAt: { lt: before } },
      });
      yield count;
    }
  }

  async #row(token: string): Promise<MfaChallenge | undefined> {
    const [found] = await this.database.query<MfaChallenge>`
      SELECT * FROM "MfaChallenge" WHERE "tokenHash" = ${hashSecretToken(token)}`;
    return found;
  }
}

function isSameTime(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}
