import { Injectable } from '@nestjs/common';
import { KnownNetworks } from '../../common/http/limits/known-networks.js';
import { LimitKeys } from '../../common/http/limits/limit-keys.js';
import { currentNetwork } from '../../common/http/request-context.js';
import { Database } from '../../database/database.js';
import { DeviceCookie } from './device-cookie.js';

/**
 * From where the owner of an account is known, so that strangers who use up its budget of wrong
 * passwords do not shut the owner out. Call it for whoever has just proved to be the owner: a
 * sign-in is not the only way, and without another an owner on the road, or in front of a new
 * account, had no door at all while a flood lasts.
 */
@Injectable()
export class KnownPlaces {
  constructor(
    private readonly knownNetworks: KnownNetworks,
    private readonly limitKeys: LimitKeys,
    private readonly deviceCookie: DeviceCookie,
    private readonly database: Database,
  ) {}

  /** Network and browser of the present request. @param emailKey canonical address */
  async remember(emailKey: string): Promise<void> {
    await this.knownNetworks.remember(this.limitKeys.account(emailKey), currentNetwork());
    this.database.afterCommit(() => this.deviceCookie.remember(emailKey));
  }
}
