import { Injectable } from '@nestjs/common';
import { fromBase64url } from '../../common/crypto/base64url.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { sameBytes } from '../../common/crypto/secret-token.js';
import { uuidFromBytes, uuidToBytes } from '../../common/crypto/uuid.js';

const PREFIX = 'lk_rt_';
const VERSION = 1;
/** version (1), session id (16), generation (4), MAC (32) */
const BYTES = 53;
const SIGNED_BYTES = 21;
const TOKEN = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{${Math.ceil((BYTES * 4) / 3)}}$`);

/** What a refresh token says of itself; believe it only once it is genuine. */
export interface RefreshTokenClaim {
  sessionId: string;
  generation: number;
  mac: Buffer;
}

/**
 * Refresh tokens that nobody stores: `lk_rt_` + base64url(version, session id, generation, MAC).
 *
 * The MAC is keyed by the master key and covers the session's random salt, which is in the
 * database only: with one of the two alone no token can be forged. Any generation can be told
 * genuine or forged without having been stored, and made again byte for byte.
 */
@Injectable()
export class RefreshTokens {
  constructor(private readonly masterKey: MasterKey) {}

  mint(session: { id: string; salt: Uint8Array }, generation: number): string {
    const signed = Buffer.alloc(SIGNED_BYTES);
    signed[0] = VERSION;
    uuidToBytes(session.id).copy(signed, 1);
    signed.writeUInt32BE(generation, 17);
    return PREFIX + Buffer.concat([signed, this.#mac(signed, session.salt)]).toString('base64url');
  }

  /** Undefined when the text has not the form of a refresh token. */
  parse(token: string): RefreshTokenClaim | undefined {
    if (!TOKEN.test(token)) return undefined;
    const bytes = fromBase64url(token.slice(PREFIX.length));
    if (bytes?.[0] !== VERSION) return undefined;
    return {
      sessionId: uuidFromBytes(bytes.subarray(1, 17)),
      generation: bytes.readUInt32BE(17),
      mac: bytes.subarray(SIGNED_BYTES),
    };
  }

  isGenuine(claim: RefreshTokenClaim, salt: Uint8Array): boolean {
    const signed = Buffer.alloc(SIGNED_BYTES);
    signed[0] = VERSION;
    uuidToBytes(claim.sessionId).copy(signed, 1);
    signed.writeUInt32BE(claim.generation, 17);
    return sameBytes(claim.mac, this.#mac(signed, salt));
  }

  #mac(signed: Buffer, salt: Uint8Array): Buffer {
    return this.masterKey.mac('refresh-token', Buffer.concat([signed, salt]));
  }
}
