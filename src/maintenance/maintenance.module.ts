import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { PasskeysModule } from '../auth/passkeys/passkeys.module.js';
import { UsersModule } from '../users/users.module.js';
import { SuspiciousActivityModule } from '../suspicious-activity/suspicious-activity.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { CleanUp } from './clean-up.js';
import { KeyRotation } from './key-rotation.js';
import { MaintenanceRuns } from './maintenance-runs.js';

/**
 * What is done on a schedule and not for a request. Owns the table MaintenanceRun, which sees to it
 * that one process at a time does it. What can go is known to the owner of each table.
 */
@Module({
  imports: [AuthModule, PasskeysModule, UsersModule, SuspiciousActivityModule, WebhooksModule],
  providers: [CleanUp, KeyRotation, MaintenanceRuns],
})
export class MaintenanceModule {}
