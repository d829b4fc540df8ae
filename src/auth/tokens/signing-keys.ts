import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { ConfigError } from '../../config/load-config.js';
import { Database } from '../../database/database.js';
import type { SigningKey as SigningKeyRow } from '../../generated/prisma/client.js';

/** A public key as RFC 7517 writes it. */
export interface PublicJwk {
  kty: string;
  crv: string;
  x: string;
  y: string;
  kid: string;
  alg: string;
  use: 'sig';
}

/** Keys are parsed once: given as text, each signature would parse them again. */
export interface SigningKey {
  kid: string;
  alg: 'ES256';
  publicKey: KeyObject;
  privateKey: KeyObject;
  publicJwk: PublicJwk;
}

/** Owner of the table SigningKey: the keys that sign access tokens, held in memory. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  readonly #log = new Logger('SigningKeys');
  #byKid = new Map<string, SigningKey>();
  #active!: SigningKey;

  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    const active = await this.database.query`SELECT 1 FROM "SigningKey" WHERE "state" = 'active'`;
    if (active.length === 0) await this.#makeFirst();
    await this.#load();
    this.database.onForeignChange(() => {
      this.#load().catch((error: unknown) => this.#log.error(error));
    });
  }

  /** The key new tokens are signed with. */
  active(): SigningKey {
    return this.#active;
  }

  /** One of our keys; undefined for any other `kid`, whatever it says. */
  find(kid: string): SigningKey | undefined {
    return this.#byKid.get(kid);
  }

  /** Public keys, the next one included, so that verifiers know it before its first use. */
  publicKeys(): PublicJwk[] {
    return [...this.#byKid.values()].map((key) => key.publicJwk);
  }

  async #load(): Promise<void> {
    const rows = await this.database.query<SigningKeyRow>`
      SELECT * FROM "SigningKey" ORDER BY "createdAt"`;
    const keys = new Map(rows.map((row) => [row.kid, this.#byKid.get(row.kid) ?? this.#open(row)]));
    const active = rows.findLast((row) => row.state === 'active');
    if (!active) throw new Error('The database holds no active signing key.');
    this.#byKid = keys;
    this.#active = keys.get(active.kid)!;
  }

  #open(row: SigningKeyRow): SigningKey {
    let der: Buffer;
    try {
      der = this.masterKey.open('signing-key-at-rest', row.kid, row.privateKey);
    } catch {
      throw new ConfigError([
        {
          variable: 'MASTER_KEY',
          problem: 'is not the key this database was made with',
          example: 'put back the master.key that belongs to this database',
        },
      ]);
    }
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return {
      kid: row.kid,
      alg: 'ES256',
      privateKey,
      publicKey: createPublicKey(privateKey),
      publicJwk: row.publicJwk as unknown as PublicJwk,
    };
  }

  /** Two processes may get here at once: only one row is made. */
  async #makeFirst(): Promise<void> {
    const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', {
      namedCurve: 'P-256',
    });
    const jwk = publicKey.export({ format: 'jwk' }) as {
      kty: string;
      crv: string;
      x: string;
      y: string;
    };
    const kid = thumbprint(jwk);
    const publicJwk: PublicJwk = { ...jwk, kid, alg: 'ES256', use: 'sig' };
    const sealed = this.masterKey.seal(
      'signing-key-at-rest',
      kid,
      privateKey.export({ format: 'der', type: 'pkcs8' }),
    );
    await this.database.execute`
      INSERT INTO "SigningKey" ("kid", "alg", "publicJwk", "privateKey", "state", "createdAt")
      SELECT ${kid}, 'ES256', ${JSON.stringify(publicJwk)}, ${sealed}, 'active', ${this.clock.now()}
      WHERE NOT EXISTS (SELECT 1 FROM "SigningKey" WHERE "state" = 'active')`;
  }
}

/** RFC 7638: SHA-256 over the required members in lexical order. */
function thumbprint(jwk: { kty: string; crv: string; x: string; y: string }): string {
  const members = JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y });
  return createHash('sha256').update(members).digest('base64url');
}
