import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** GET /health, /health/live and /health/ready, for whoever starts and stops the process. */
@Module({ controllers: [HealthController] })
export class HealthModule {}
