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
import type { OneTimeToken, OneTimeTokenPurpose } from '../../generated/prisma/client.js';

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

  /** Makes a token and its six-digit code; the older ones of its kind no longer work. */
  async issue(
    userId: string,
    purpose: OneTimeTokenPurpose,
    emailKey: string,
    ttlMs: number,
  ): Promise<{ token: string; code: string }> {
    const now = this.clock.now();
    const id = uuidv7(now);
    const token = newSecretToken(PREFIX);
    const code = newSixDigitCode();
    await this.kill(userId, purpose);
    await this.database.client.oneTimeToken.create({
      data: {
        id,
        userId,
        purpose,
        tokenHash: hashSecretToken(token),
        codeHash: this.#codeHash(id, code),
        attemptsLeft: CODE_TRIES,
        emailKey,
        createdAt: now,
        expiresAt: later(now, ttlMs),
      },
    });
    return { token, code };
  }

  /** The row of a token, used or not, expired or not. Looked up by its unique hash only. */
  async find(token: string): Promise<OneTimeToken | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const found = await this.database.client.oneTimeToken.findUnique({
      where: { tokenHash: hashSecretToken(token) },
    });
    return found ?? undefined;
  }

  /** The row as it is now. */
  async byId(id: string): Promise<OneTimeToken | undefined> {
    return (await this.database.client.oneTimeToken.findUnique({ where: { id } })) ?? undefined;
  }

  /** Spends a token. False: it is used, expired or killed; of parallel calls one gets true. */
  async spend(row: OneTimeToken): Promise<boolean> {
    const now = this.clock.now();
    const { count } = await this.database.client.oneTimeToken.updateMany({
      where: { id: row.id, usedAt: null, expiresAt: { gt: now } },
      data: { usedAt: now },
    });
    return count === 1;
  }

  /**
   * The newest token of this purpose of the account with the address, if its code is the one
   * given. Counts the try before looking, so that parallel guesses are counted exactly; after
   * five, no code is right.
   *
   * @param emailKey canonical address
   */
  async findByCode(
    emailKey: string,
    purpose: OneTimeTokenPurpose,
    code: string,
  ): Promise<OneTimeToken | undefined> {
    if (!CODE.test(code)) return undefined;
    const row = await this.database.client.oneTimeToken.findFirst({
      where: { user: { emailKey }, purpose },
      orderBy: { id: 'desc' },
    });
    if (!row?.codeHash) return undefined;
    const { count } = await this.database.client.oneTimeToken.updateMany({
      where: { id: row.id, attemptsLeft: { gt: 0 } },
      data: { attemptsLeft: { decrement: 1 } },
    });
    if (count === 0 || !sameBytes(row.codeHash, this.#codeHash(row.id, code))) return undefined;
    return row;
  }

  /** Unused tokens of the user stop working: those of one purpose, or all. */
  async kill(userId: string, purpose?: OneTimeTokenPurpose): Promise<void> {
    await this.database.client.oneTimeToken.deleteMany({
      where: { userId, usedAt: null, ...(purpose ? { purpose } : {}) },
    });
  }

  /** Six digits can be guessed against a plain hash, so theirs is keyed. */
  #codeHash(id: string, code: string): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.masterKey.mac('one-time-code', `${id}\0${code}`));
  }
}
