import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { AuditEventsController } from './audit-events.controller.js';
import { AuditEventsService } from './audit-events.service.js';
import { LastingAnswers } from './lasting-answers.js';
import { LiveTails } from './live-tails.js';

/**
 * Shows the audit trail: the routes under /audit-events. Owns no table; what is written, and how it
 * is proved, is in audit. An export and a live tail last, so they ask auth time and again whether
 * their reader may go on.
 */
@Module({
  imports: [AuthModule],
  controllers: [AuditEventsController],
  providers: [AuditEventsService, LastingAnswers, LiveTails],
})
export class AuditTrailModule {}
