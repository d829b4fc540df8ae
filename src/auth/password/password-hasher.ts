import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { MasterKey } from '../../common/crypto/master-key.js';
import { Problem } from '../../common/errors/problem.js';
import type { Family } from '../../common/metrics/family.js';
import { Config } from '../../config/config.js';
import { HashThreads } from './hash-threads.js';
import { HashQueue, WaitedTooLong } from './hash-queue.js';
import { importedVerifier, isImported } from './imported-hash.js';

/** The one form of a password that is hashed and compared. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * bcrypt of base64(HMAC-SHA-384(pepper, NFKC(password))). bcrypt stops at 72 bytes and at NUL; the
 * MAC is 64 characters of base64, so every character of any password counts. A stolen database
 * without the master key cannot be guessed against.
 */
@Injectable()
export class PasswordHasher {
  readonly #queue: HashQueue;
  readonly #threads: HashThreads;
  /** Hash of nobody's password, made cheaply: {@link #nobody} says it was made with more work. */
  readonly #cheap = bcrypt.hashSync(randomBytes(32).toString('base64'), 4);

  constructor(
    private readonly masterKey: MasterKey,
    private readonly config: Config,
  ) {
    this.#queue = new HashQueue(hashesAtOnce(availableParallelism(), config.poolThreads));
    this.#threads = new HashThreads(config.poolThreads);
  }

  /** How long hashes take, and how many wait. */
  get metrics(): readonly Family[] {
    return this.#queue.metrics;
  }

  /**
   * Before work that would be done in vain.
   *
   * @throws Problem overloaded when too many wait
   */
  assertRoom(): void {
    if (this.#queue.full) throw overloaded();
  }

  /** @throws Problem overloaded when too many wait */
  hash(password: string): Promise<string> {
    const prepared = this.#prepare(password);
    return this.#run(() => bcrypt.hash(prepared, this.config.bcryptCost));
  }

  /**
   * @param stored null for an account that is unknown or has no password: it costs the same time
   *   and is never right
   * @throws Problem overloaded when too many wait
   */
  async verify(password: string, stored: string | null): Promise<boolean> {
    const imported = stored !== null && isImported(stored);
    const verifyImported = imported ? importedVerifier(stored) : undefined;
    if (verifyImported) return this.#run(() => verifyImported(password));
    const prepared = this.#prepare(password);
    const against = stored === null || imported ? this.#nobody(this.config.bcryptCost) : stored;
    const same = await this.#run(async () => {
      if (await bcrypt.compare(prepared, against)) return true;
      // A hash from before the work factor was raised costs less, which would tell that the
      // address is known. Each step of cost doubles the work, so these make up for it exactly.
      for (let cost = bcrypt.getRounds(against); cost < this.config.bcryptCost; cost++) {
        await bcrypt.compare(prepared, this.#nobody(cost));
      }
      return false;
    });
    return same && against === stored;
  }

  /** True for a hash that another system made, or that has a lower work factor than is wanted now. */
  needsRehash(stored: string): boolean {
    return isImported(stored) || bcrypt.getRounds(stored) < this.config.bcryptCost;
  }

  /** Well-formed, or comparing would fail at once and tell by time that nobody is there. */
  #nobody(cost: number): string {
    return this.#cheap.replace('$04$', `$${String(cost).padStart(2, '0')}$`);
  }

  #prepare(password: string): string {
    return this.masterKey
      .mac('password-pepper', normalizePassword(password), 'sha384')
      .toString('base64');
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      const result = this.#queue.add(() => this.#threads.run(work));
      if (result) return await result;
    } catch (error) {
      if (!(error instanceof WaitedTooLong)) throw error;
    }
    throw overloaded();
  }
}

/**
 * One more than there are cores, so that none waits for the event loop to hand it the next; but
 * one thread of the pool is left to files and names.
 */
export function hashesAtOnce(cores: number, poolThreads = 4): number {
  return Math.max(1, Math.min(cores + 1, poolThreads - 1));
}

function overloaded(): Problem {
  return new Problem('overloaded', { headers: { 'retry-after': '2' } });
}
