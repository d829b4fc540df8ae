import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import { fromBase64url } from '../../common/crypto/base64url.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { sameBytes } from '../../common/crypto/secret-token.js';
import { Database } from '../../database/database.js';

/** How long somebody may take to touch their authenticator, in milliseconds. */
export const CHALLENGE_TTL = 5 * 60_000;

const NONCE_BYTES = 32;
const EXPIRY_BYTES = 6;
const BINDING_BYTES = 32;
const MAC_BYTES = 32;
const SIGNED_BYTES = NONCE_BYTES + EXPIRY_BYTES + BINDING_BYTES;
const FORGOTTEN_AT_ONCE = 500;

/** What a challenge may be answered for. It is worth nothing for anything else. */
export type ChallengeUse =
  | { readonly for: 'sign-in' }
  | { readonly for: 'second-factor'; readonly mfaToken: string }
  /** `sessionId` undefined: the password is sent with each request. */
  | {
      readonly for: 'registration' | 'reauthentication';
      readonly userId: string;
      readonly sessionId: string | undefined;
    };

/**
 * Challenges for passkeys, and owner of the table SpentPasskeyChallenge.
 *
 *     challenge = nonce (32 random bytes) + expiry (ms) + SHA-256(use) + HMAC-SHA-256(all of these)
 *
 * A challenge tells by itself whether this server gave it out, for what, and until when. So none is
 * stored: strangers may ask for as many as they like and fill no table. The first answer to one,
 * right or wrong, leaves its nonce behind; whoever races, one insert succeeds.
 */
@Injectable()
export class PasskeyChallenges {
  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  /** base64url, as in the options for a browser. */
  issue(use: ChallengeUse): string {
    const expiry = Buffer.alloc(EXPIRY_BYTES);
    expiry.writeUIntBE(this.clock.now().getTime() + CHALLENGE_TTL, 0, EXPIRY_BYTES);
    const signed = Buffer.concat([randomBytes(NONCE_BYTES), expiry, bindingOf(use)]);
    return Buffer.concat([signed, this.#mac(signed)]).toString('base64url');
  }

  /**
   * Spends a challenge that this server gave out and that has not expired, also when it was given
   * out for something else.
   *
   * @returns whether it may be answered for this use, now, for the first time
   */
  async spend(challenge: string, use: ChallengeUse): Promise<boolean> {
    const bytes = fromBase64url(challenge);
    if (bytes?.length !== SIGNED_BYTES + MAC_BYTES) return false;
    const signed = bytes.subarray(0, SIGNED_BYTES);
    if (!sameBytes(bytes.subarray(SIGNED_BYTES), this.#mac(signed))) return false;
    const expiresAt = new Date(signed.readUIntBE(NONCE_BYTES, EXPIRY_BYTES));
    const now = this.clock.now();
    // A clock that was put back must not make a challenge live longer than its nonce is kept.
    if (expiresAt <= now || expiresAt > later(now, CHALLENGE_TTL)) return false;

    const nonce = Buffer.from(signed.subarray(0, NONCE_BYTES));
    // What comes of it is committed after it in the same file, and so never without it.
    const spent = await this.database.light.execute`
      INSERT INTO "SpentPasskeyChallenge" ("nonce", "expiresAt") VALUES (${nonce}, ${expiresAt})
      ON CONFLICT ("nonce") DO NOTHING`;
    return spent === 1 && sameBytes(signed.subarray(NONCE_BYTES + EXPIRY_BYTES), bindingOf(use));
  }

  /** Deletes those that have expired by then; yields how many at each step. */
  async *forgetExpired(now: Date): AsyncGenerator<number> {
    for (;;) {
      const forgotten = await this.database.light.execute`
        DELETE FROM "SpentPasskeyChallenge" WHERE "nonce" IN (
          SELECT "nonce" FROM "SpentPasskeyChallenge" WHERE "expiresAt" <= ${now}
          LIMIT ${FORGOTTEN_AT_ONCE})`;
      yield forgotten;
      if (forgotten < FORGOTTEN_AT_ONCE) return;
    }
  }

  #mac(signed: Buffer): Buffer {
    return this.masterKey.mac('passkey-challenge', signed);
  }
}

/** No part of it can hold a NUL, so no two uses have the same. */
function bindingOf(use: ChallengeUse): Buffer {
  const parts =
    use.for === 'sign-in'
      ? []
      : use.for === 'second-factor'
        ? [use.mfaToken]
        : [use.userId, use.sessionId ?? ''];
  return createHash('sha256')
    .update([use.for, ...parts].join('\0'))
    .digest();
}
