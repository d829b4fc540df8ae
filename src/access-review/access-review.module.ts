import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { AccessReviewController } from './access-review.controller.js';
import { AccessReviewService } from './access-review.service.js';
import { Reviews } from './reviews.js';

/**
 * Regular audits of who may do what: GET and POST /access-review. Owns the table AccessReview.
 * Accounts, roles and uses of permissions it asks of users; what flags mean stands in
 * access-review.policy.ts.
 */
@Module({
  imports: [UsersModule],
  controllers: [AccessReviewController],
  providers: [AccessReviewService, Reviews],
  exports: [AccessReviewService, Reviews],
})
export class AccessReviewModule {}
