import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { Refusal } from '../../common/errors/refusal.js';
import { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import type { SigningKey as SigningKeyRow } from '../../generated/prisma/client.js';
import { type KeyPair, makeKeyPair } from './key-pair.js';
import { lastTokenEnds, readyAt } from './key.policy.js';

export type { SigningKeyRow };

/** What {@link SigningKeyStore.rotate} did; `readyAt`: nothing, and from when on it would. */
export type Rotation = { active: string; previous: string } | { readyAt: Date };

/**
 * Owner of the table SigningKey: the life of a key from its publication to its end. At any time one
 * signs and one is published to take over from it; those before stay until their tokens have
 * expired. Every change is one transaction that begins with a look at what is there, so that any
 * number of servers and tools may make it at once.
 */
@Injectable()
export class SigningKeyStore {
  readonly #listeners: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly config: Config,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Calls `listener` after every change of ours; those of others the database tells of. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** All keys as committed at this moment, in the order they were published. */
  rows(): SigningKeyRow[] {
    return this.database.queryNow<SigningKeyRow>`
      SELECT * FROM "SigningKey" ORDER BY "createdAt", rowid`;
  }

  /** The private key in a row, PKCS #8 DER; throws when the master key is another one. */
  open({ kid, privateKey }: SigningKeyRow): Buffer {
    return this.masterKey.open('signing-key-at-rest', kid, privateKey);
  }

  /** What a start needs: a key that signs, and the one after it. */
  async makeMissing(): Promise<void> {
    const states = this.rows().map(({ state }) => state);
    for (const state of ['active', 'next'] as const) {
      if (states.includes(state)) continue;
      const pair = await this.#makePair();
      await this.#change(async () => {
        if ((await this.#in(state)) === undefined) await this.#insert(pair, state);
      });
    }
  }

  /** Publishes a next key of the algorithm that is wanted, unless there is one. */
  async prepare(): Promise<void> {
    if (this.rows().some((row) => this.#isFitNext(row))) return;
    const pair = await this.#makePair();
    await this.#change(async () => {
      const next = await this.#in('next');
      if (next && this.#isFitNext(next)) return;
      if (next) await this.#erase(next);
      await this.#insert(pair, 'next');
    });
  }

  /**
   * Lets the next key sign, and publishes one to follow it.
   *
   * @param unready also when verifiers may not know the next key yet
   */
  async rotate(unready: boolean): Promise<Rotation> {
    await this.prepare();
    const pair = await this.#makePair();
    return this.#change(async () => {
      const now = this.clock.now();
      const next = await this.#in('next');
      const active = await this.#in('active');
      if (!active || !next || !this.#isFitNext(next)) {
        throw new Refusal('Another process is changing the keys: try again.');
      }
      if (readyAt(next) > now && !unready) return { readyAt: readyAt(next) };
      await this.database.execute`
        UPDATE "SigningKey" SET "state" = 'retiring', "retiredAt" = ${now}
        WHERE "kid" = ${active.kid}`;
      await this.#activate(next);
      await this.#insert(pair, 'next');
      await this.audit.record({
        type: 'key.rotated',
        subject: undefined,
        before: { kid: active.kid, alg: active.alg },
        after: { kid: next.kid, alg: next.alg },
      });
      return { active: next.kid, previous: active.kid };
    });
  }

  /**
   * Erases a key that signs no more, once no token of it lives. The next key may go at any time:
   * another takes its place.
   *
   * @throws Refusal for a key that is still needed
   */
  async retire(kid: string): Promise<void> {
    const pair = await this.#makePair();
    await this.#change(async () => {
      const row = await this.#find(kid);
      if (row.state === 'active') {
        throw new Refusal(
          `${kid} signs access tokens: rotate first, or, if it is lost, compromise.`,
        );
      }
      if (row.state === 'retiring') this.#assertUnneeded(row);
      await this.#erase(row);
      if (row.state === 'next') await this.#insert(pair, 'next');
    });
  }

  /** Erases every key that signs no more and of which no token lives; gives which. */
  async retireDue(): Promise<string[]> {
    return this.#change(async () => {
      const now = this.clock.now();
      const over = (await this.#all()).filter(
        (row) => row.state === 'retiring' && lastTokenEnds(row, this.config.accessTokenTtl) <= now,
      );
      for (const row of over) await this.#erase(row);
      return over.map(({ kid }) => kid);
    });
  }

  /**
   * Erases a key at once, whatever is still signed by it. If it signed, the next one does from now
   * on.
   *
   * @returns the key that signs
   * @throws Refusal when there is no such key
   */
  async compromise(kid: string): Promise<string> {
    const pair = await this.#makePair();
    return this.#change(async () => {
      const row = await this.#find(kid);
      await this.database.execute`DELETE FROM "SigningKey" WHERE "kid" = ${kid}`;
      if (row.state === 'active') {
        const next = await this.#in('next');
        if (next) await this.#activate(next);
        await this.#insert(pair, next ? 'next' : 'active');
      }
      if (row.state === 'next') await this.#insert(pair, 'next');
      const active = (await this.#in('active'))!;
      await this.audit.record({
        type: 'key.compromised',
        subject: undefined,
        before: { kid, state: row.state },
        after: { kid: active.kid, alg: active.alg },
      });
      return active.kid;
    });
  }

  /** Notes how long tokens may live that are signed here: so long their key is kept after. */
  async noteTokenTtl(): Promise<void> {
    const ttl = this.config.accessTokenTtl;
    await this.database.execute`
      UPDATE "SigningKey" SET "tokenTtl" = ${ttl} WHERE "state" = 'active' AND "tokenTtl" < ${ttl}`;
  }

  async #change<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.database.transaction(() => {
      this.database.afterCommit(() => {
        for (const listener of this.#listeners) listener();
      });
      return work();
    });
  }

  #makePair(): Promise<KeyPair> {
    return makeKeyPair(this.config.jwtAlgorithm);
  }

  #isFitNext({ state, alg }: SigningKeyRow): boolean {
    return state === 'next' && alg === this.config.jwtAlgorithm;
  }

  #assertUnneeded(row: SigningKeyRow): void {
    const end = lastTokenEnds(row, this.config.accessTokenTtl);
    if (end <= this.clock.now()) return;
    throw new Refusal(
      `Tokens that ${row.kid} has signed live until ${end.toISOString()}; then it goes by itself.`,
    );
  }

  async #find(kid: string): Promise<SigningKeyRow> {
    const row = (await this.#all()).find((each) => each.kid === kid);
    if (!row) throw new Refusal(`There is no key ${kid}.`);
    return row;
  }

  async #in(state: SigningKeyRow['state']): Promise<SigningKeyRow | undefined> {
    return (await this.#all()).findLast((row) => row.state === state);
  }

  #all(): Promise<SigningKeyRow[]> {
    return this.database.query<SigningKeyRow>`
      SELECT * FROM "SigningKey" ORDER BY "createdAt", rowid`;
  }

  async #insert({ publicJwk, privateKey }: KeyPair, state: 'next' | 'active'): Promise<void> {
    const { kid, alg } = publicJwk;
    const now = this.clock.now();
    const sealed = this.masterKey.seal('signing-key-at-rest', kid, privateKey);
    await this.database.execute`
      INSERT INTO "SigningKey"
        ("kid", "alg", "publicJwk", "privateKey", "state", "createdAt", "activatedAt", "tokenTtl")
      VALUES (${kid}, ${alg}, ${JSON.stringify(publicJwk)}, ${sealed}, ${state}, ${now},
        ${state === 'active' ? now : null}, ${this.config.accessTokenTtl})`;
  }

  async #activate({ kid }: SigningKeyRow): Promise<void> {
    await this.database.execute`
      UPDATE "SigningKey" SET "state" = 'active', "activatedAt" = ${this.clock.now()},
        "tokenTtl" = ${this.config.accessTokenTtl}
      WHERE "kid" = ${kid}`;
  }

  async #erase({ kid, state }: SigningKeyRow): Promise<void> {
    await this.database.execute`DELETE FROM "SigningKey" WHERE "kid" = ${kid}`;
    await this.audit.record({ type: 'key.retired', subject: undefined, before: { kid, state } });
  }
}
