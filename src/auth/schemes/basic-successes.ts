import { Injectable } from '@nestjs/common';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { KnownNetworks } from '../../common/http/limits/known-networks.js';
import { LimitKeys } from '../../common/http/limits/limit-keys.js';
import { currentNetwork } from '../../common/http/request-context.js';
import { SecurityEvents } from '../../common/security-events.js';
import type { Account } from '../../users/accounts.js';
import { DeviceCookie } from '../password/device-cookie.js';

/**
 * Passwords that were right on a route. That begins no session, so it is no sign-in; but whoever has
 * found a password out may never use another way, and those who watch have to see it.
 */
@Injectable()
export class BasicSuccesses {
  constructor(
    private readonly limitKeys: LimitKeys,
    private readonly knownNetworks: KnownNetworks,
    private readonly deviceCookie: DeviceCookie,
    private readonly guesses: GuessLimits,
    private readonly events: SecurityEvents,
  ) {}

  /** Call for a password that was compared, not for each request with one that is known. */
  async note({ id, emailKey, lastLoginAt }: Account): Promise<void> {
    const network = currentNetwork();
    const accountKey = this.limitKeys.account(emailKey);
    const isKnown =
      this.deviceCookie.deviceOf(emailKey) !== undefined ||
      (await this.knownNetworks.has(accountKey, network));
    if (!isKnown) await this.knownNetworks.remember(accountKey, network);
    this.events.emit('basic.accepted', {
      userId: id,
      accountKey,
      network,
      newNetwork: !isKnown && lastLoginAt !== null,
      failuresBefore: await this.guesses.failuresAt(accountKey),
    });
  }
}
