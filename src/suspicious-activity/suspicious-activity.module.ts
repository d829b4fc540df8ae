import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { UsersModule } from '../users/users.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { AdministratorsElsewhere } from './administrators-elsewhere.js';
import { AlarmMails } from './alarm-mails.js';
import { Detections } from './detections.js';
import { SuspiciousActivity } from './suspicious-activity.js';

/**
 * Rules over what happens at the doors, and who is told when one of them finds something. Owns the
 * table SuspiciousActivity. Nothing waits for it, and nothing depends on what it finds: to slow
 * guesses down is left to the limits.
 */
@Module({
  imports: [AuthModule, UsersModule, WebhooksModule],
  providers: [SuspiciousActivity, AdministratorsElsewhere, AlarmMails, Detections],
  exports: [SuspiciousActivity, Detections],
})
export class SuspiciousActivityModule {}
