import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** What a key derived from the master key is for. One label, one key: none serves two purposes. */
export type KeyPurpose =
  | 'password-pepper'
  | 'password-pepper-id'
  | 'refresh-token'
  | 'one-time-code'
  | 'passkey-challenge'
  | 'list-cursor'
  | 'audit-chain'
  | 'signing-key-at-rest'
  | 'mail-at-rest'
  | 'backup-manifest'
  | 'limit-key'
  | 'device-cookie'
  | 'login-token'
  | 'recovery-code'
  | 'totp-seed-at-rest'
  | 'doctor';

const GCM_NONCE_BYTES = 12;
const GCM_TAG_BYTES = 16;

/**
 * The 32 bytes everything else is derived from (HKDF-SHA-256, RFC 5869). It never leaves this
 * object: callers get a MAC or a sealed box, not a key.
 */
export class MasterKey {
  readonly #keys = new Map<KeyPurpose, Buffer>();
  readonly #secret: Buffer;

  constructor(secret: Buffer) {
    if (secret.length !== 32) throw new RangeError('The master key is 32 bytes.');
    this.#secret = secret;
  }

  /** HMAC under the key derived for `purpose`. */
  mac(purpose: KeyPurpose, data: string | Buffer, hash: 'sha256' | 'sha384' = 'sha256'): Buffer {
    return createHmac(hash, this.#key(purpose)).update(data).digest();
  }

  /** AES-256-GCM: nonce, tag and ciphertext in one piece. `context` must be given again to open it. */
  seal(purpose: KeyPurpose, context: string, plain: Buffer): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(GCM_NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key(purpose), nonce);
    cipher.setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), body]));
  }

  /** Opens what {@link seal} closed; throws when the key, the context or one bit differs. */
  open(purpose: KeyPurpose, context: string, sealed: Uint8Array): Buffer {
    const box = Buffer.from(sealed);
    const nonce = box.subarray(0, GCM_NONCE_BYTES);
    const tag = box.subarray(GCM_NONCE_BYTES, GCM_NONCE_BYTES + GCM_TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key(purpose), nonce, {
      authTagLength: GCM_TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(tag);
    return Buffer.concat([
      decipher.update(box.subarray(GCM_NONCE_BYTES + GCM_TAG_BYTES)),
      decipher.final(),
    ]);
  }

  #key(purpose: KeyPurpose): Buffer {
    let key = this.#keys.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.#secret, '', `latchkey/${purpose}/v1`, 32));
      this.#keys.set(purpose, key);
    }
    return key;
  }
}
