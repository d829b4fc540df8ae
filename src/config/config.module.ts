import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from '../clock.js';
import { MasterKey } from '../common/crypto/master-key.js';
import { Pagination } from '../common/http/pagination.js';
import { Config } from './config.js';

/** What everything stands on: the configuration, the clock, the master key. */
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
      ],
      exports: [Config, MasterKey, Clock, Pagination],
    };
  }
}
