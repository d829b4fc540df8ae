import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ConfigError } from '../../config/load-config.js';
import { Database } from '../../database/database.js';
import type { PublicJwk, SigningAlgorithm } from './key-pair.js';
import type { KeyDates } from './key.policy.js';
import { type SigningKeyRow, SigningKeyStore } from './signing-key-store.js';

/** Keys are parsed once: given as text, each signature would parse them again. */
export interface SigningKey extends KeyDates {
  kid: string;
  alg: SigningAlgorithm;
  publicKey: KeyObject;
  privateKey: KeyObject;
  publicJwk: PublicJwk;
}

/** The keys that sign access tokens, held in memory. Who changes them is {@link SigningKeyStore}. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  readonly #log = new Logger('SigningKeys');
  #byKid = new Map<string, SigningKey>();
  #active!: SigningKey;

  constructor(
    private readonly database: Database,
    private readonly store: SigningKeyStore,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.store.makeMissing();
    this.#load();
    this.store.onChange(() => this.#load());
    // At once: the request that hears of a change must not take a token of a key that is gone.
    this.database.onForeignChange(() => this.#load());
  }

  /** The key new tokens are signed with. */
  active(): SigningKey {
    return this.#active;
  }

  /** One of our keys; undefined for any other `kid`, whatever it says. */
  find(kid: string): SigningKey | undefined {
    return this.#byKid.get(kid);
  }

  /** Every key there is, in the order they were published. */
  all(): SigningKey[] {
    return [...this.#byKid.values()];
  }

  /**
   * Public keys: the one that signs, the next one, so that verifiers know it before its first use,
   * and those whose tokens still live.
   */
  publicKeys(): PublicJwk[] {
    const keys = this.all();
    const others = (state: SigningKey['state']) => keys.filter((key) => key.state === state);
    return [this.#active, ...others('next'), ...others('retiring')].map((key) => key.publicJwk);
  }

  #load(): void {
    const rows = this.store.rows();
    const active = rows.findLast((row) => row.state === 'active');
    if (!active) throw new Error('The database holds no active signing key.');
    const before = this.#active;
    this.#byKid = new Map(rows.map((row) => [row.kid, this.#current(row)]));
    this.#active = this.#byKid.get(active.kid)!;
    if (this.#active !== before) this.#noteTokenTtl();
  }

  /** The same object as before for the same key: what was verified by it need not be again. */
  #current(row: SigningKeyRow): SigningKey {
    const key = this.#byKid.get(row.kid) ?? this.#open(row);
    const { state, activatedAt, retiredAt, tokenTtl } = row;
    return Object.assign(key, { state, activatedAt, retiredAt, tokenTtl });
  }

  #open(row: SigningKeyRow): SigningKey {
    let der: Buffer;
    try {
      der = this.store.open(row);
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
    const { kid, alg, state, createdAt, activatedAt, retiredAt, tokenTtl } = row;
    return {
      kid,
      alg: alg as SigningAlgorithm,
      privateKey,
      publicKey: createPublicKey(privateKey),
      publicJwk: row.publicJwk as unknown as PublicJwk,
      state,
      createdAt,
      activatedAt,
      retiredAt,
      tokenTtl,
    };
  }

  /** Beside the request: a key that is told to retire before has been given the life it was made for. */
  #noteTokenTtl(): void {
    this.store.noteTokenTtl().catch((error: unknown) => this.#log.error(error));
  }
}
