import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { FixedWindows } from '../../common/http/limits/fixed-windows.js';
import {
  limitItem,
  policyItem,
  rateLimited,
  secondsUntil,
} from '../../common/http/limits/rate-limit-fields.js';
import { addToField, currentNetwork } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import { Config } from '../../config/config.js';

const NAME = 'api-key';

/**
 * How often each key may be used, beside the limit on its network: a script that runs wild uses up
 * a budget of its own and not that of everybody around it. Counted in memory, by each process for
 * itself, as the general limit is.
 */
@Injectable()
export class ApiKeyLimit {
  readonly #windows: FixedWindows;
  readonly #policy: string;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly events: SecurityEvents,
  ) {
    const rate = config.limits.apiKey;
    this.#windows = new FixedWindows(rate.windowMs);
    this.#policy = policyItem(NAME, rate);
  }

  /**
   * Counts a request, and says in its answer what is left.
   *
   * @throws Problem rate_limited
   */
  count(keyId: string): void {
    if (!this.config.rateLimits) return;
    const rate = this.config.limits.apiKey;
    const now = this.clock.now().getTime();
    const window = this.#windows.hit(keyId, now);
    const seconds = secondsUntil(window.endsAt, now);
    if (window.count > rate.count) {
      this.events.emit('limit.refused', { limit: NAME, network: currentNetwork() });
      throw rateLimited(NAME, rate, seconds);
    }
    addToField('ratelimit-policy', this.#policy);
    addToField('ratelimit', limitItem(NAME, rate.count - window.count, seconds));
  }
}
