import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from '../clock.js';
import { MasterKey } from '../common/crypto/master-key.js';
import { Pagination } from '../common/http/pagination.js';
import { SecurityEvents } from '../common/security-events.js';
import { Config } from './config.js';

/** What everything stands on: the configuration, the clock, the master key, what is told. */
@Global()
@Module({})
export class ConfigModule {
  static with(config: Config, masterKey: MasterKey, clock: Clock): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: Config, useValue: config },
        { provide: MasterKey, useValue: masterKey },
        { provide: Clock, useValue: clock },
        Pagination,
        SecurityEvents,
      ],
      exports: [Config, MasterKey, Clock, Pagination, SecurityEvents],
    };
  }
}
