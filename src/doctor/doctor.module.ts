import { Module } from '@nestjs/common';
import { AsSeenController } from './as-seen.controller.js';

/**
 * What `npm run doctor` looks at, and the one route it asks a running server by. Owns no table;
 * the cheap part of it is run at each start in production.
 */
@Module({ controllers: [AsSeenController] })
export class DoctorModule {}
