import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalEmail } from '../../common/email-address.js';
import {
  GuessLimits,
  type Judgement,
  type PasswordGuess,
} from '../../common/http/limits/guess-limits.js';
import { currentNetwork } from '../../common/http/request-context.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { DeviceCookie } from './device-cookie.js';
import { normalizePassword, PasswordHasher } from './password-hasher.js';

const KEPT_VERDICTS = 10_000;
const WRONG: Judgement<Verdict> = { right: undefined, userId: undefined };

interface Verdict {
  userId: string;
  /** The hash that was compared: the verdict holds only while the account still has it. */
  passwordHash: string;
}

interface KeptVerdict extends Verdict {
  /** MAC of address and password. */
  memo: string;
}

/**
 * Address and password -> account, for sign-in and for Basic on every route.
 *
 * A right answer is remembered, so that `curl -u` does not cost a hash for each request: under an
 * HMAC of both with a key that only this process knows, never the password itself. It is worth
 * nothing once the account's hash, address or existence has changed, because those are compared
 * each time. Wrong answers are not remembered.
 *
 * It is remembered for the network (or device) it came from, and until that sends another password
 * for the address. Otherwise whoever is over the limit could go on guessing against what is
 * remembered: a wrong guess would cost them nothing, and the right one would be let in.
 */
@Injectable()
export class PasswordCheck {
  readonly #processKey = randomBytes(32);
  readonly #verdicts = new Map<string, KeptVerdict>();
  readonly #running = new Map<string, Promise<Verdict | undefined>>();

  constructor(
    private readonly accounts: Accounts,
    private readonly hasher: PasswordHasher,
    private readonly guesses: GuessLimits,
    private readonly deviceCookie: DeviceCookie,
  ) {}

  /**
   * The account, also a disabled or unconfirmed one; undefined for an unknown address, an account
   * without a password and a wrong password, each after the same time.
   *
   * @param sessionId of whoever is asked for their own password once more: a session is a known
   *   device
   * @throws Problem overloaded, or rate_limited
   */
  async check(email: string, password: string, sessionId?: string): Promise<Account | undefined> {
    const emailKey = canonicalEmail(email) ?? '';
    const device = sessionId ?? this.deviceCookie.deviceOf(emailKey);
    const source = sourceOf(emailKey, device);
    const memo = this.#memo(emailKey, password);
    const kept = this.#verdicts.get(source);
    if (kept) {
      const account = kept.memo === memo ? await this.#stillRight(kept, emailKey) : undefined;
      if (account) return account;
      this.#verdicts.delete(source);
    }
    this.hasher.assertRoom();
    const reason = sessionId === undefined ? 'invalid_credentials' : 'current_password_wrong';
    const guess: PasswordGuess = { emailKey, device, reason };
    // Between the comparison and the look at the account its hash may have changed: by a new
    // password, or by another process that raised the work factor. Then compare once more.
    for (let attempt = 0; attempt < 2; attempt++) {
      const verdict = await this.#once(`${source}\0${memo}`, guess, password);
      if (!verdict) return undefined;
      const account = await this.#stillRight(verdict, emailKey);
      if (account) {
        this.#keep(source, { ...verdict, memo });
        return account;
      }
    }
    return undefined;
  }

  /** {@link check} by memory alone; undefined when that cannot tell. Costs and counts nothing. */
  known(email: string, password: string): Account | undefined {
    const emailKey = canonicalEmail(email) ?? '';
    const kept = this.#verdicts.get(sourceOf(emailKey, this.deviceCookie.deviceOf(emailKey)));
    if (!kept || kept.memo !== this.#memo(emailKey, password)) return undefined;
    const account = this.accounts.peek(kept.userId);
    return isSame(account, kept, emailKey) ? account : undefined;
  }

  async #stillRight(verdict: Verdict, emailKey: string): Promise<Account | undefined> {
    const account = await this.accounts.find(verdict.userId);
    return isSame(account, verdict, emailKey) ? account : undefined;
  }

  /**
   * Parallel checks of the same pair from the same place share one hash. If it is wrong each is a
   * failure: sending a guess ten times at once is no way to have ten for the price of one.
   */
  async #once(key: string, guess: PasswordGuess, password: string): Promise<Verdict | undefined> {
    const running = this.#running.get(key);
    if (running) {
      const verdict = await running;
      if (verdict) return verdict;
      return this.guesses.password(guess, async () => WRONG);
    }
    const started = this.guesses
      .password(guess, () => this.#hashAndCompare(guess.emailKey, password))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }

  async #hashAndCompare(emailKey: string, password: string): Promise<Judgement<Verdict>> {
    const found = await this.accounts.passwordOf(emailKey);
    const passwordHash = found?.passwordHash ?? null;
    const userId = found?.id;
    if (!(await this.hasher.verify(password, passwordHash))) return { right: undefined, userId };
    const raised = await this.#raised(found!.id, passwordHash!, password);
    return { right: { userId: found!.id, passwordHash: raised }, userId };
  }

  /** Hashes again when the work factor was raised since. */
  async #raised(userId: string, passwordHash: string, password: string): Promise<string> {
    if (!this.hasher.needsRehash(passwordHash)) return passwordHash;
    const raised = await this.hasher.hash(password);
    return (await this.accounts.rehash(userId, passwordHash, raised)) ? raised : passwordHash;
  }

  #keep(source: string, verdict: KeptVerdict): void {
    if (this.#verdicts.size >= KEPT_VERDICTS)
      this.#verdicts.delete(this.#verdicts.keys().next().value!);
    this.#verdicts.set(source, verdict);
  }

  #memo(emailKey: string, password: string): string {
    return createHmac('sha256', this.#processKey)
      .update(`${emailKey}\0${normalizePassword(password)}`)
      .digest('base64');
  }
}

/** Where a guess at an address comes from. */
function sourceOf(emailKey: string, device: string | undefined): string {
  return `${emailKey}\0${device ?? currentNetwork()}`;
}

function isSame(account: Account | undefined, verdict: Verdict, emailKey: string): boolean {
  return account?.passwordHash === verdict.passwordHash && account.emailKey === emailKey;
}
