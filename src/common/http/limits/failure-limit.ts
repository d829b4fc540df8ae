import { Injectable } from '@nestjs/common';
import { Clock } from '../../../clock.js';
import { Config } from '../../../config/config.js';
import { Problem } from '../../errors/problem.js';
import { currentNetwork } from '../request-context.js';
import { FixedWindows } from './fixed-windows.js';
import { rateLimited, secondsUntil } from './rate-limit-fields.js';

/** Wrong passwords, codes and tokens of one network, whatever accounts they were tried on. */
const FAILURES = { count: 100, windowMs: 15 * 60_000 };

/**
 * How often a network may be wrong about a secret. Only failures count: any number of people behind
 * one address may be right.
 *
 * Looked at before the secret is, and again after: of many guesses sent at once, those past the
 * limit are refused alike, and none of them tells whether it was right.
 */
@Injectable()
export class FailureLimit {
  readonly #failures = new FixedWindows(FAILURES.windowMs);

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem rate_limited when the network has failed too often */
  assertAllowed(network: string): void {
    if (!this.config.rateLimits) return;
    const now = this.clock.now().getTime();
    const window = this.#failures.peek(network, now);
    if (window === undefined || window.count < FAILURES.count) return;
    throw rateLimited('failures', FAILURES, secondsUntil(window.endsAt, now));
  }

  /**
   * Counts a failure.
   *
   * @throws Problem rate_limited, without counting, when others have used up the limit since
   */
  fail(network: string): void {
    if (!this.config.rateLimits) return;
    this.assertAllowed(network);
    this.#failures.hit(network, this.clock.now().getTime());
  }

  /**
   * Runs an attempt of the current request to use a one-time token or code.
   *
   * @param judge failed when it throws Problem token_invalid
   * @throws Problem rate_limited, and what `judge` throws
   */
  async attempt<Result>(judge: () => Promise<Result>): Promise<Result> {
    const network = currentNetwork();
    this.assertAllowed(network);
    try {
      return await judge();
    } catch (error) {
      if (error instanceof Problem && error.code === 'token_invalid') this.fail(network);
      throw error;
    }
  }

  /**
   * {@link attempt} for a secret of 256 bits, which nobody guesses: the right one is taken however
   * often its network has failed. Whoever is kept from signing in by wrong passwords, their own or
   * a neighbour's, can still set a new one.
   */
  async attemptUnguessable<Result>(judge: () => Promise<Result>): Promise<Result> {
    try {
      return await judge();
    } catch (error) {
      if (error instanceof Problem && error.code === 'token_invalid') this.fail(currentNetwork());
      throw error;
    }
  }
}
