import { Injectable } from '@nestjs/common';
import { Clock } from '../../../clock.js';
import { Config, type Rate } from '../../../config/config.js';
import { stayInsideFor } from '../../async-store.js';
import { Problem } from '../../errors/problem.js';
import { type LimitName, SecurityEvents, type SignInFailure } from '../../security-events.js';
import { currentNetwork } from '../request-context.js';
import {
  type Budget,
  PER_ACCOUNT,
  PER_KNOWN_DEVICES,
  PER_NETWORK,
  type Refusal,
  verdictOn,
} from './guess.policy.js';
import { KnownNetworks } from './known-networks.js';
import { type AccountCount, LimitCounts } from './limit-counts.js';
import { LimitKeys } from './limit-keys.js';
import { rateLimited, secondsUntil } from './rate-limit-fields.js';
import { Turns } from './turns.js';

/** Which account a password is tried on, and by whom. */
export interface PasswordGuess {
  /** Canonical address, known or not. */
  readonly emailKey: string;
  /** Id of a device that the account's owner has signed in from, when the request proves it. */
  readonly device: string | undefined;
  readonly reason: SignInFailure;
}

/** What judging a guess came to. */
export interface Judgement<Right> {
  /** Undefined when the guess was wrong. */
  readonly right: Right | undefined;
  /** Id of the account, when there is one. */
  readonly userId: string | undefined;
}

/** How often in a row nobody calls before a guess gives up: in all a quarter of a minute. */
const MOST_TURNS_IN_VAIN = 30;

/**
 * How often one may be wrong about a secret: per account and network, per account, per network.
 * Every way to prove something passes here, so that none of them is a way around the others.
 *
 * Only failures count: any number of people behind one address may be right. A guess is counted
 * before it is judged and given back if it was right, so that of many sent at once no more are
 * judged than may be wrong. An address nobody has runs through the same statements.
 */
@Injectable()
export class GuessLimits {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly counts: LimitCounts,
    private readonly keys: LimitKeys,
    private readonly knownNetworks: KnownNetworks,
    private readonly turns: Turns,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * Judges a password, if the limits leave room for a wrong one.
   *
   * @throws Problem rate_limited, and what `judge` throws, which counts as not judged
   */
  async password<Right>(
    guess: PasswordGuess,
    judge: () => Promise<Judgement<Right>>,
  ): Promise<Right | undefined> {
    if (!this.config.rateLimits) {
      const { right, userId } = await judge();
      if (right === undefined) this.#tellFailure(guess.reason, guess.emailKey, userId);
      return right;
    }
    const budgets = await this.#passwordBudgets(guess);
    await this.#reserve(budgets);
    let judgement: Judgement<Right>;
    try {
      judgement = await judge();
    } catch (error) {
      await this.#giveBack(budgets);
      throw error;
    }
    if (judgement.right !== undefined) {
      await this.#giveBack(budgets);
      return judgement.right;
    }
    await this.#fail(budgets, judgement.userId);
    this.#tellFailure(guess.reason, guess.emailKey, judgement.userId);
    return undefined;
  }

  /**
   * Judges a short code that belongs to an account, whichever mail or challenge it came with.
   *
   * @param account canonical address, known or not; the account's id where the caller knows it
   * @param judge failed when it throws a Problem of one of the codes of {@link SignInFailure}
   * @throws Problem rate_limited, and what `judge` throws
   */
  code<Result>(
    account: { emailKey: string; userId?: string },
    judge: () => Promise<Result>,
  ): Promise<Result> {
    const accountKey = this.keys.account(account.emailKey);
    const budget: Budget = {
      key: this.keys.of('token', accountKey),
      limit: 'token',
      rate: this.config.limits.token,
      account: accountKey,
    };
    return this.#judged([budget, this.#networkBudget()], judge, account);
  }

  /**
   * Judges a code of a second factor, of whichever challenge. It has a budget of its own, which only
   * somebody who knows the password can use up: a stranger who sends wrong passwords, or wrong codes
   * of mails, keeps nobody's second factor from counting. For the same reason what others in the
   * network have failed does not count here.
   *
   * @param judge failed when it throws Problem mfa_code_invalid
   * @throws Problem rate_limited, and what `judge` throws
   */
  secondFactor<Result>(
    account: { emailKey: string; userId: string },
    judge: () => Promise<Result>,
  ): Promise<Result> {
    const accountKey = this.keys.account(account.emailKey);
    const budget: Budget = {
      key: this.keys.of('second-factor', accountKey),
      limit: 'second-factor',
      rate: this.config.limits.token,
      account: accountKey,
    };
    return this.#judged([budget, { ...this.#networkBudget(), countsOnly: true }], judge, account);
  }

  /**
   * Runs an attempt to use a one-time token that belongs to nobody before it is found.
   *
   * @param judge failed when it throws Problem token_invalid or invalid_credentials
   * @throws Problem rate_limited, and what `judge` throws
   */
  attempt<Result>(judge: () => Promise<Result>): Promise<Result> {
    return this.#judged([this.#networkBudget()], judge);
  }

  /**
   * {@link attempt} for a secret of 256 bits or a signature, which nobody guesses: the right one is
   * taken however often its network has failed. It fails by Problem token_invalid, passkey_invalid or
   * invalid_credentials. Whoever is kept from signing in by wrong passwords, their own or
   * a neighbour's, can still set a new one.
   */
  async attemptUnguessable<Result>(judge: () => Promise<Result>): Promise<Result> {
    try {
      return await judge();
    } catch (error) {
      if (!(error instanceof Problem) || failureOf(error) === undefined) throw error;
      return this.attempt(() => Promise.reject(error));
    }
  }

  /** Wrong passwords for the account in the present window, from everywhere. */
  async failuresAt(accountKey: string): Promise<number> {
    const [count] = await this.counts.read([this.keys.of('account', accountKey)]);
    return count && this.#now() < count.endsAt ? count.failures : 0;
  }

  /** The limits that count something at the account now. @param emailKey canonical address */
  async ofAccount(emailKey: string): Promise<(AccountCount & { max: number })[]> {
    const counts = await this.counts.ofAccount(this.keys.account(emailKey), this.#now());
    return counts.map((count) => ({ ...count, max: this.#rateOf(count.limit).count }));
  }

  /** Lets the account be guessed at as if nothing had been counted; gives how many limits were. */
  lift(emailKey: string): Promise<number> {
    return this.counts.lift(this.keys.account(emailKey));
  }

  #rateOf(limit: LimitName): Rate {
    const { login, token } = this.config.limits;
    const own = { login, token, 'second-factor': token, 'known-devices': PER_KNOWN_DEVICES };
    return own[limit as keyof typeof own] ?? PER_ACCOUNT;
  }

  /**
   * A stranger has to stay below every limit. From a known network the limit over all networks
   * does not hold, so that strangers cannot use it up for the owner; what known devices fail
   * together is limited instead. A device that proves itself needs no network of good repute.
   */
  async #passwordBudgets({ emailKey, device }: PasswordGuess): Promise<Budget[]> {
    const account = this.keys.account(emailKey);
    const network = currentNetwork();
    // Asked in any case, so that nothing can be told by the time it takes.
    const fromKnownNetwork = await this.knownNetworks.has(account, network);
    const known = device !== undefined || fromKnownNetwork;
    const source = device === undefined ? ['network', network] : ['device', device];
    return [
      {
        key: this.keys.of('login', account, ...source),
        limit: 'login',
        rate: this.config.limits.login,
        account,
        delays: true,
      },
      {
        key: this.keys.of('account', account),
        limit: 'account',
        rate: PER_ACCOUNT,
        account,
        ...(known ? { countsOnly: true } : {}),
      },
      ...(known
        ? [
            {
              key: this.keys.of('known-devices', account),
              limit: 'known-devices' as const,
              rate: PER_KNOWN_DEVICES,
              account,
            },
          ]
        : []),
      { ...this.#networkBudget(), ...(device === undefined ? {} : { countsOnly: true }) },
    ];
  }

  #networkBudget(): Budget {
    const key = this.keys.of('failures', currentNetwork());
    return { key, limit: 'failures', rate: PER_NETWORK };
  }

  async #judged<Result>(
    budgets: Budget[],
    judge: () => Promise<Result>,
    account?: { emailKey: string; userId?: string },
  ): Promise<Result> {
    if (this.config.rateLimits) await this.#reserve(budgets);
    try {
      const result = await judge();
      await this.#giveBack(budgets);
      return result;
    } catch (error) {
      const reason = failureOf(error);
      if (reason === undefined) {
        await this.#giveBack(budgets);
      } else {
        await this.#fail(budgets, account?.userId);
        this.#tellFailure(reason, account?.emailKey, account?.userId);
      }
      throw error;
    }
  }

  /**
   * Waits its turn while all the room there is belongs to guesses that are being judged, because
   * they may all be right. A process that dies leaves its guesses behind: nobody waits for those
   * longer than a while.
   *
   * @throws Problem rate_limited; overloaded when too many wait
   */
  async #reserve(budgets: readonly Budget[]): Promise<void> {
    let turn: string | undefined;
    try {
      for (let inVain = 0; inVain < MOST_TURNS_IN_VAIN;) {
        const now = this.#now();
        if (await this.counts.reserve(budgets, now)) return;
        const counts = await this.counts.read(budgets.map(({ key }) => key));
        const verdict = verdictOn(budgets, counts, now);
        if (verdict === undefined) continue;
        if ('until' in verdict) throw this.#refused(verdict, now);
        turn = verdict.waitFor;
        if ((await this.turns.wait(turn)) === 'in vain') inVain++;
      }
      throw this.#refused({ budget: budgets[0]!, until: 0 }, 0);
    } finally {
      // Whoever comes next finds out the same, or takes what room is left.
      if (turn !== undefined) this.turns.next(turn);
    }
  }

  #refused({ budget, until }: Refusal, now: number): Problem {
    this.events.emit('limit.refused', {
      limit: budget.limit,
      network: currentNetwork(),
      ...(budget.account === undefined ? {} : { accountKey: budget.account }),
    });
    // A limit of its own name would tell that somebody has signed in to the account from here.
    const name = budget.limit === 'known-devices' ? 'account' : budget.limit;
    return rateLimited(name, budget.rate, secondsUntil(until, now));
  }

  /** What cannot be given back counts as wrong after a while, which harms less than to fail. */
  async #giveBack(budgets: readonly Budget[]): Promise<void> {
    if (!this.config.rateLimits) return;
    await this.counts.giveBack(budgets).catch(() => {});
    for (const { key } of budgets) this.turns.next(key);
  }

  async #fail(budgets: readonly Budget[], userId: string | undefined): Promise<void> {
    if (!this.config.rateLimits) return;
    const now = this.#now();
    const counts = await this.counts.fail(budgets, now).catch(() => []);
    for (const { key } of budgets) this.turns.next(key);
    const reached = budgets.find(
      ({ key, account, rate }) =>
        account !== undefined &&
        counts.some((count) => count.key === key && count.failures === rate.count),
    );
    // Beside the answer, whose time must not tell that there is such an account.
    if (reached) {
      void stayInsideFor(this.#tellReached(budgets, reached, counts, userId)).catch(() => {});
    }
  }

  async #tellReached(
    budgets: readonly Budget[],
    { limit, account }: Budget,
    counts: readonly { key: string; failures: number; endsAt: number }[],
    userId: string | undefined,
  ): Promise<void> {
    // One window per account tells of all its limits, or a flood from many networks would be many.
    const whole = budgets.find((budget) => budget.limit === 'account') ?? budgets[0]!;
    const count = counts.find(({ key }) => key === whole.key);
    if (!count || !(await this.counts.tellOnce(whole.key))) return;
    this.events.emit('account.limit-reached', {
      limit,
      accountKey: account!,
      ...(userId === undefined ? {} : { userId }),
      network: currentNetwork(),
      failures: count.failures,
      endsAt: new Date(count.endsAt),
    });
  }

  #tellFailure(
    reason: SignInFailure,
    emailKey: string | undefined,
    userId: string | undefined,
  ): void {
    this.events.emit('sign-in.failed', {
      reason,
      network: currentNetwork(),
      ...(emailKey === undefined ? {} : { accountKey: this.keys.account(emailKey) }),
      ...(userId === undefined ? {} : { userId }),
    });
  }

  #now(): number {
    return this.clock.now().getTime();
  }
}

/** The codes that say a secret was wrong. */
const WRONG_SECRETS: readonly SignInFailure[] = [
  'token_invalid',
  'mfa_code_invalid',
  'passkey_invalid',
  'invalid_credentials',
];

function failureOf(error: unknown): SignInFailure | undefined {
  if (!(error instanceof Problem)) return undefined;
  const { code } = error;
  return WRONG_SECRETS.find((wrong) => wrong === code);
}
