import { type DynamicModule, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { OneTimeTokens } from '../auth/one-time-tokens/one-time-tokens.js';
import { PasswordHasher } from '../auth/password/password-hasher.js';
import { Passwords } from '../auth/password/passwords.js';
import { PortableHashes } from '../auth/password/portable-hashes.js';
import { EndedSessions } from '../auth/sessions/ended-sessions.js';
import { Sessions } from '../auth/sessions/sessions.js';
import { AdministratorMaker } from '../auth/setup/administrator-maker.js';
import { SigningKeyStore } from '../auth/tokens/signing-key-store.js';
import { TrustedDeviceCookie } from '../auth/trusted-devices/trusted-device-cookie.js';
import { TrustedDevices } from '../auth/trusted-devices/trusted-devices.js';
import { Clock } from '../clock.js';
import { MasterKey } from '../common/crypto/master-key.js';
import { Config } from '../config/config.js';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { UsersModule } from '../users/users.module.js';

/** What the command-line tools need: no HTTP server, no mail worker. Safe beside a running server. */
@Module({})
export class ToolModule {
  static with(config: Config, masterKey: MasterKey): DynamicModule {
    return {
      module: ToolModule,
      imports: [
        ConfigModule.with(config, masterKey, new Clock()),
        DatabaseModule,
        AuditModule,
        UsersModule,
      ],
      providers: [
        AdministratorMaker,
        Passwords,
        PasswordHasher,
        Sessions,
        EndedSessions,
        SigningKeyStore,
        TrustedDevices,
        TrustedDeviceCookie,
        OneTimeTokens,
        PortableHashes,
      ],
    };
  }
}
