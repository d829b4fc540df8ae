import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalEmail } from '../../common/email-address.js';
import { FailureLimit } from '../../common/http/limits/failure-limit.js';
import { currentNetwork } from '../../common/http/request-context.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { normalizePassword, PasswordHasher } from './password-hasher.js';

const KEPT_VERDICTS = 10_000;

interface Verdict {
  userId: string;
  /** The hash that was compared: the verdict holds only while the account still has it. */
  passwordHash: string;
}

/**
 * Address and password -> account, for sign-in and for Basic on every route.
 *
 * A right answer is remembered, so that `curl -u` does not cost a hash for each request: under an
 * HMAC of both with a key that only this process knows, never the password itself. It is worth
 * nothing once the account's hash, address or existence has changed, because those are compared
 * each time. Wrong answers are not remembered.
 */
@Injectable()
export class PasswordCheck {
  readonly #processKey = randomBytes(32);
  readonly #verdicts = new Map<string, Verdict>();
  readonly #running = new Map<string, Promise<Verdict | undefined>>();

  constructor(
    private readonly accounts: Accounts,
    private readonly hasher: PasswordHasher,
    private readonly failures: FailureLimit,
  ) {}

  /**
   * The account, also a disabled or unconfirmed one; undefined for an unknown address, an account
   * without a password and a wrong password, each after the same time.
   *
   * @throws Problem overloaded, or rate_limited
   */
  async check(email: string, password: string): Promise<Account | undefined> {
    const network = currentNetwork();
    this.failures.assertAllowed(network);
    const account = await this.#accountOf(email, password);
    if (account) this.failures.assertAllowed(network);
    else this.failures.fail(network);
    return account;
  }

  async #accountOf(email: string, password: string): Promise<Account | undefined> {
    const emailKey = canonicalEmail(email) ?? '';
    const memo = this.#memo(emailKey, password);
    const kept = this.#verdicts.get(memo);
    if (kept) {
      const account = await this.accounts.find(kept.userId);
      if (account?.passwordHash === kept.passwordHash && account.emailKey === emailKey)
        return account;
      this.#verdicts.delete(memo);
    }
    // Between the comparison and the look at the account its hash may have changed: by a new
    // password, or by another process that raised the work factor. Then compare once more.
    for (let attempt = 0; attempt < 2; attempt++) {
      const verdict = await this.#once(memo, () => this.#hashAndCompare(emailKey, password));
      if (!verdict) return undefined;
      const account = await this.accounts.find(verdict.userId);
      if (account?.passwordHash === verdict.passwordHash && account.emailKey === emailKey) {
        this.#keep(memo, verdict);
        return account;
      }
    }
    return undefined;
  }

  async #hashAndCompare(emailKey: string, password: string): Promise<Verdict | undefined> {
    const found = await this.accounts.passwordOf(emailKey);
    const passwordHash = found?.passwordHash ?? null;
    if (!(await this.hasher.verify(password, passwordHash))) return undefined;
    return {
      userId: found!.id,
      passwordHash: await this.#raised(found!.id, passwordHash!, password),
    };
  }

  /** Hashes again when the work factor was raised since. */
  async #raised(userId: string, passwordHash: string, password: string): Promise<string> {
    if (!this.hasher.needsRehash(passwordHash)) return passwordHash;
    const raised = await this.hasher.hash(password);
    return (await this.accounts.rehash(userId, passwordHash, raised)) ? raised : passwordHash;
  }

  /** Parallel checks of the same pair share one hash. */
  #once(memo: string, check: () => Promise<Verdict | undefined>): Promise<Verdict | undefined> {
    let running = this.#running.get(memo);
    if (!running) {
      running = check().finally(() => this.#running.delete(memo));
      this.#running.set(memo, running);
    }
    return running;
  }

  #keep(memo: string, verdict: Verdict): void {
    if (this.#verdicts.size >= KEPT_VERDICTS)
      this.#verdicts.delete(this.#verdicts.keys().next().value!);
    this.#verdicts.set(memo, verdict);
  }

  #memo(emailKey: string, password: string): string {
    return createHmac('sha256', this.#processKey)
      .update(`${emailKey}\0${normalizePassword(password)}`)
      .digest('base64');
  }
}
