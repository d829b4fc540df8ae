import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { Clock } from '../../../clock.js';
import { Config, type Rate } from '../../../config/config.js';
import { GuessLimits } from './guess-limits.js';
import { KnownNetworks } from './known-networks.js';
import { LimitCounts } from './limit-counts.js';
import { LimitKeys } from './limit-keys.js';
import { LimitsGuard } from './limits.guard.js';
import { Turns } from './turns.js';
import { UnroutedLimit } from './unrouted-limit.js';
import { WindowStorage } from './window-storage.js';

/**
 * Requests for mail, per network. What each address gets is limited beside; this keeps one client
 * from asking for everybody's, and from filling the outbox with requests for addresses nobody has.
 */
const MAIL_REQUESTS: Rate = { count: 300, windowMs: 15 * 60_000 };

const COUNTING = [GuessLimits, LimitCounts, LimitKeys, KnownNetworks, Turns];

/**
 * Limits. Requests to all routes are counted per network (see clientNetwork) in memory, by each
 * process for itself and only for as long as it runs: nothing here touches the database for a
 * request with a token. Whatever costs a hash anyway, registrations and wrong secrets, is counted
 * in the table LimitCount, by all processes together. Imported before every module with a guard,
 * because guards run in the order of their modules.
 */
@Global()
@Module({})
export class LimitsModule {
  /** Without RATE_LIMITS there is no guard at all, and {@link GuessLimits} allows everything. */
  static with(config: Config): DynamicModule {
    const module = { module: LimitsModule, exports: COUNTING };
    if (!config.rateLimits) return { ...module, providers: COUNTING };
    return {
      ...module,
      imports: [
        ThrottlerModule.forRootAsync({
          inject: [Clock],
          useFactory: (clock: Clock) => throttlerOptions(config, clock),
        }),
      ],
      providers: [...COUNTING, UnroutedLimit, { provide: APP_GUARD, useClass: LimitsGuard }],
    };
  }
}

function throttlerOptions({ limits }: Config, clock: Clock): ThrottlerModuleOptions {
  const { general, register } = limits;
  return {
    storage: new WindowStorage(clock),
    throttlers: [
      { name: 'general', limit: general.count, ttl: general.windowMs },
      { name: 'register', limit: register.count, ttl: register.windowMs },
      { name: 'mail-requests', limit: MAIL_REQUESTS.count, ttl: MAIL_REQUESTS.windowMs },
    ],
  };
}
