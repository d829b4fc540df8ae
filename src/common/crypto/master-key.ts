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
  | 'doctor'
  | 'key-ring';

const GCM_NONCE_BYTES = 12;
const GCM_TAG_BYTES = 16;

const SECRET_BYTES = 32;
const RING_CONTEXT = 'v1';

/**
 * What everything else is derived from (HKDF-SHA-256, RFC 5869): one secret for MACs, which last as
 * long as the database, and one for what is encrypted at rest, which a change of the master key
 * renews. At first both are the master key itself; later they lie in the database, in a ring that
 * the master key locks (docs/decisions/0015-keys.md). They never leave this object: callers get a
 * MAC or a sealed box, not a key.
 */
export class MasterKey {
  readonly #keys = new Map<KeyPurpose, Buffer>();
  readonly #secret: Buffer;
  readonly #boxSecret: Buffer;

  constructor(secret: Buffer, boxSecret = secret) {
    if (secret.length !== SECRET_BYTES || boxSecret.length !== SECRET_BYTES) {
      throw new RangeError('The master key is 32 bytes.');
    }
    this.#secret = secret;
    this.#boxSecret = boxSecret;
  }

  /**
   * The keys of a database whose ring this master key locks; itself when the database has none.
   * Throws when another key locks it.
   */
  unlock(ring: Uint8Array | undefined): MasterKey {
    if (ring === undefined) return this;
    const secrets = this.open('key-ring', RING_CONTEXT, ring);
    return new MasterKey(secrets.subarray(0, SECRET_BYTES), secrets.subarray(SECRET_BYTES));
  }

  /** The ring that {@link unlock} of this key opens to `keys`. */
  lock(keys: MasterKey): Uint8Array<ArrayBuffer> {
    return this.seal('key-ring', RING_CONTEXT, Buffer.concat([keys.#secret, keys.#boxSecret]));
  }

  /** The same MACs; what it seals, no key from before opens. */
  withFreshBoxes(): MasterKey {
    return new MasterKey(this.#secret, randomBytes(SECRET_BYTES));
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
      const secret = purpose.endsWith('-at-rest') ? this.#boxSecret : this.#secret;
      key = Buffer.from(hkdfSync('sha256', secret, '', `latchkey/${purpose}/v1`, 32));
      this.#keys.set(purpose, key);
    }
    return key;
  }
}
