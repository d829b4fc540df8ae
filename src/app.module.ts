import { type DynamicModule, Module } from '@nestjs/common';
import { AccessReviewModule } from './access-review/access-review.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuditTrailModule } from './audit-trail/audit-trail.module.js';
import { AuthModule } from './auth/auth.module.js';
import { MailCodeModule } from './auth/mail-code/mail-code.module.js';
import { PasskeysModule } from './auth/passkeys/passkeys.module.js';
import { Clock } from './clock.js';
import { MasterKey } from './common/crypto/master-key.js';
import { LimitsModule } from './common/http/limits/limits.module.js';
import { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DoctorModule } from './doctor/doctor.module.js';
import { HealthModule } from './health/health.module.js';
import { MailModule } from './mail/mail.module.js';
import { MaintenanceModule } from './maintenance/maintenance.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { ErrorReferenceController } from './openapi/error-reference.controller.js';
import { ReauthenticationModule } from './auth/reauthentication/reauthentication.module.js';
import { SecondFactorModule } from './auth/second-factor/second-factor.module.js';
import { ServicesModule } from './services/services.module.js';
import { StartPageModule } from './start-page/start-page.module.js';
import { SuspiciousActivityModule } from './suspicious-activity/suspicious-activity.module.js';
import { UsersModule } from './users/users.module.js';

/** The list of modules. */
@Module({})
export class AppModule {
  static with(config: Config, masterKey: MasterKey, clock: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LimitsModule.with(config),
        ConfigModule.with(config, masterKey, clock),
        DatabaseModule,
        AuditModule,
        MailModule.with(config),
        UsersModule,
        ServicesModule,
        AuthModule,
        PasskeysModule,
        SecondFactorModule,
        ReauthenticationModule,
        MailCodeModule,
        AuditTrailModule,
        AccessReviewModule,
        SuspiciousActivityModule,
        DoctorModule,
        HealthModule,
        MetricsModule,
        MaintenanceModule,
        StartPageModule.with(config),
      ],
      controllers: [ErrorReferenceController],
    };
  }
}
