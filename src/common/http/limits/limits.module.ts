import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { Clock } from '../../../clock.js';
import { Config } from '../../../config/config.js';
import { FailureLimit } from './failure-limit.js';
import { LimitsGuard } from './limits.guard.js';
import { WindowStorage } from './window-storage.js';

/**
 * Limits per network (see clientNetwork): requests to all routes, registrations, and failed
 * attempts to prove something. They hold in this process and are forgotten with it. Imported before
 * every module with a guard, because guards run in the order of their modules.
 */
@Global()
@Module({})
export class LimitsModule {
  /** Without RATE_LIMITS there is no guard at all, and {@link FailureLimit} allows everything. */
  static with(config: Config): DynamicModule {
    const failures = { module: LimitsModule, providers: [FailureLimit], exports: [FailureLimit] };
    if (!config.rateLimits) return failures;
    return {
      ...failures,
      imports: [
        ThrottlerModule.forRootAsync({
          inject: [Clock],
          useFactory: (clock: Clock) => throttlerOptions(config, clock),
        }),
      ],
      providers: [FailureLimit, { provide: APP_GUARD, useClass: LimitsGuard }],
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
    ],
  };
}
