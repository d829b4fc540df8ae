import { Injectable } from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import {
  hashSecretToken,
  newSecretToken,
  newSixDigitCode,
  sameBytes,
} from '../../common/crypto/secret-token.js';
import { uuidv7 } from '../../common/crypto/uuid.js';
import { Database } from '../../database/database.js';
import { stretches } from '../../database/stretches.js';
import {
  type OneTimeToken,
  type OneTimeTokenPurpose,
  Prisma,
} from '../../generated/prisma/client.js';

const PREFIX = 'lk_ot_';
const TOKEN = /^lk_ot_[A-Za-z0-9_-]{43}$/;
const CODE = /^\d{6}$/;
const CODE_TRIES = 5;

/**
 * Owner of the table OneTimeToken: secrets that a mail carries and that work once. Only hashes are
 * stored; whoever races, one use succeeds.
 */
@Injectable()
export class OneTimeTokens {
  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a token and its six-digit code; the older ones of its kind no longer work. Only of
   * `not_me` several live at once: each notice has its own.
   *
   * @param change what a token that changes the address is kept with
   */
  async issue(
    userId: string,
    purpose: OneTimeTokenPurpose,
    emailKey: string,
    ttlMs: number,
    change?: Pick<OneTimeToken, 'email' | 'sessionId'>,
  ): Promise<{ id: string; token: string; code: string }> {
    const token = newSecretToken(PREFIX);
    const issued = await this.#issue(
      { userId, purpose, emailKey, ...change },
      hashSecretToken(token),
      ttlMs,
    );
    return { ...issued, token };
  }

  /**
   * Makes a six-digit code that is worth something only with a secret its asker holds already; the
   * older ones of its kind no longer work.
   *
   * @param secretHash `hashSecretToken` of that secret
   */
  async issueCode(
    userId: string,
    purpose: OneTimeTokenPurpose,
    emailKey: string,
    ttlMs: number,
    secretHash: Uint8Array<ArrayBuffer>,
  ): Promise<string> {
    const { code } = await this.#issue({ userId, purpose, emailKey }, secretHash, ttlMs);
    return code;
  }

  /** Whether the user has asked to be moved to this address, and nothing has become of it yet. */
  async asksFor(userId: string, emailKey: string): Promise<boolean> {
    const [row] = await this.database.query<{ asks: number }>`
      SELECT EXISTS (
        SELECT 1 FROM "OneTimeToken"
        WHERE "userId" = ${userId} AND "purpose" = 'change_email' AND "emailKey" = ${emailKey}
          AND "usedAt" IS NULL AND "expiresAt" > ${this.clock.now()}) AS "asks"`;
    return row!.asks === 1;
  }

  /**
   * Id of the row that stands for a change of address that was asked for. Asked for the same
   * address again, it is the row there is: the link that was mailed works until another is.
   */
  async standingChange(
    userId: string,
    emailKey: string,
    ttlMs: number,
    change: Pick<OneTimeToken, 'email' | 'sessionId'>,
  ): Promise<string> {
    const live = {
      userId,
      purpose: 'change_email' as const,
      emailKey,
      usedAt: null,
      expiresAt: { gt: this.clock.now() },
    };
    const { count } = await this.database.client.oneTimeToken.updateMany({
      where: live,
      data: change,
    });
    // Its token goes nowhere: the one that is mailed is made when it is decided to send it.
    if (count === 0) return (await this.issue(userId, 'change_email', emailKey, ttlMs, change)).id;
    return (await this.database.client.oneTimeToken.findFirst({ where: live }))!.id;
  }

  /** The row of a token, used or not, expired or not. Looked up by its unique hash only. */
  async find(token: string): Promise<OneTimeToken | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const [found] = await this.database.query<OneTimeToken>`
      SELECT * FROM "OneTimeToken" WHERE "tokenHash" = ${hashSecretToken(token)}`;
    return found;
  }

  /** The row as it is now. */
  async byId(id: string): Promise<OneTimeToken | undefined> {
    const [found] = await this.database.query<OneTimeToken>`
      SELECT * FROM "OneTimeToken" WHERE "id" = ${id}`;
    return found;
  }

  /** Spends a token. False: it is used, expired or killed; of parallel calls one gets true. */
  async spend(row: OneTimeToken): Promise<boolean> {
    const now = this.clock.now();
    const spent = await this.database.execute`
      UPDATE "OneTimeToken" SET "usedAt" = ${now}
      WHERE "id" = ${row.id} AND "usedAt" IS NULL AND "expiresAt" > ${now}`;
    return spent === 1;
  }

  /**
   * The newest token of this purpose that was mailed to the address, if its code is the one given.
   * Counts the try before looking, so that parallel guesses are counted exactly; after five, no
   * code is right. An address that waits for nothing costs the same time: a look and a write.
   *
   * @param emailKey canonical address
   */
  async findByCode(
    emailKey: string,
    purpose: OneTimeTokenPurpose,
    code: string,
  ): Promise<OneTimeToken | undefined> {
    if (!CODE.test(code)) return undefined;
    // An unknown address looks at somebody else's tokens instead, for the same work, and finds none.
    const [newest] = await this.database.query<
      Pick<OneTimeToken, 'id' | 'codeHash'> & { own: number }
    >`
      WITH "owner" AS (SELECT "id" FROM "User" WHERE "emailKey" = ${emailKey})
      SELECT "id", "codeHash", EXISTS (SELECT 1 FROM "owner") AS "own" FROM "OneTimeToken"
      WHERE "userId" = coalesce(
          (SELECT "id" FROM "owner"), (SELECT "userId" FROM "OneTimeToken" ORDER BY "id" LIMIT 1))
        AND "purpose" = ${purpose}
      ORDER BY "id" DESC LIMIT 1`;
    return this.#judgeCode(newest, newest?.own === 1, code);
  }

  /**
   * The token that was issued with this secret, if the code is its. Counts the try, and costs the
   * same for a secret that stands for nothing, as {@link findByCode} does.
   *
   * @param secret what {@link issueCode} got the hash of
   */
  async findBySecretAndCode(
    secret: string,
    purpose: OneTimeTokenPurpose,
    code: string,
  ): Promise<OneTimeToken | undefined> {
    if (!CODE.test(code)) return undefined;
    const [found] = await this.database.query<Pick<OneTimeToken, 'id' | 'codeHash'>>`
      SELECT "id", "codeHash" FROM "OneTimeToken"
      WHERE "tokenHash" = ${hashSecretToken(secret)} AND "purpose" = ${purpose}`;
    return this.#judgeCode(found, found !== undefined, code);
  }

  /**
   * Unused tokens of the user stop working: those of one purpose, or all but `not_me`. A thief who
   * changes the password must not take away the owner's way to object.
   */
  async kill(userId: string, purpose?: OneTimeTokenPurpose): Promise<void> {
    const those =
      purpose === undefined
        ? Prisma.sql`"purpose" <> 'not_me'`
        : Prisma.sql`"purpose" = ${purpose}`;
    await this.database.execute`
      DELETE FROM "OneTimeToken" WHERE "userId" = ${userId} AND "usedAt" IS NULL AND ${those}`;
  }

  /** The user's unused `not_me` tokens stop working, except those mailed to this address. */
  async killNotMe(userId: string, exceptEmailKey: string): Promise<void> {
    await this.database.client.oneTimeToken.deleteMany({
      where: { userId, usedAt: null, purpose: 'not_me', emailKey: { not: exceptEmailKey } },
    });
  }

  /** {@link kill} for everybody. Gives how many stop working. */
  async killEverybodys(): Promise<number> {
    const { count } = await this.database.client.oneTimeToken.deleteMany({
      where: { usedAt: null, purpose: { not: 'not_me' } },
    });
    return count;
  }

  /** What is known about a user's tokens, without what they or their codes are checked by. */
  history(userId: string): Promise<Omit<OneTimeToken, 'tokenHash' | 'codeHash'>[]> {
    return this.database.client.oneTimeToken.findMany({
      where: { userId },
      omit: { tokenHash: true, codeHash: true },
      orderBy: { id: 'asc' },
    });
  }

  /** Deletes tokens, used or not, that expired before then; yields how many at each step. */
  async *forgetExpired(before: Date): AsyncGenerator<number> {
    for await (const id of stretches(this.database, 'OneTimeToken')) {
      const { count } = await this.database.client.oneTimeToken.deleteMany({
        where: { id, expiresAt: { lt: before } },
      });
      yield count;
    }
  }

  async #issue(
    row: Pick<OneTimeToken, 'userId' | 'purpose' | 'emailKey'> &
      Partial<Pick<OneTimeToken, 'email' | 'sessionId'>>,
    tokenHash: Uint8Array<ArrayBuffer>,
    ttlMs: number,
  ): Promise<{ id: string; code: string }> {
    const { userId, purpose, emailKey, email, sessionId } = row;
    const now = this.clock.now();
    const id = uuidv7(now);
    const code = newSixDigitCode();
    if (purpose !== 'not_me') await this.kill(userId, purpose);
    await this.database.execute`
      INSERT INTO "OneTimeToken" ("id", "userId", "purpose", "tokenHash", "codeHash",
                                  "attemptsLeft", "emailKey", "createdAt", "expiresAt",
                                  "email", "sessionId")
      VALUES (${id}, ${userId}, ${purpose}, ${tokenHash}, ${this.#codeHash(id, code)},
              ${CODE_TRIES}, ${emailKey}, ${now}, ${later(now, ttlMs)},
              ${email ?? null}, ${sessionId ?? null})`;
    return { id, code };
  }

  /** @param own whether the row is the asker's, and not only there for the same work */
  async #judgeCode(
    row: Pick<OneTimeToken, 'id' | 'codeHash'> | undefined,
    own: boolean,
    code: string,
  ): Promise<OneTimeToken | undefined> {
    const { id, codeHash } = row ?? { id: '', codeHash: null };
    const isRight = codeHash !== null && sameBytes(codeHash, this.#codeHash(id, code));
    if (!(await this.#countTry(id, own))) {
      await this.#writeNothing();
      return undefined;
    }
    return isRight ? this.byId(id) : undefined;
  }

  async #countTry(id: string, own: boolean): Promise<boolean> {
    const counted = await this.database.execute`
      UPDATE "OneTimeToken" SET "attemptsLeft" = "attemptsLeft" - 1
      WHERE "id" = ${id} AND "attemptsLeft" > 0 AND ${own}`;
    return counted === 1;
  }

  /**
   * Takes as long as counting a try, and leaves everything as it was. (An UPDATE that changes
   * nothing would not do: SQLite sees that, and writes nothing to the disk.)
   */
  async #writeNothing(): Promise<void> {
    await this.database.execute`PRAGMA user_version = 0`;
  }

  /** Six digits can be guessed against a plain hash, so theirs is keyed. */
  #codeHash(id: string, code: string): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.masterKey.mac('one-time-code', `${id}\0${code}`));
  }
}
