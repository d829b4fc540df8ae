import { Module } from '@nestjs/common';
import { AccessReviewModule } from '../access-review/access-review.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { SuspiciousActivityModule } from '../suspicious-activity/suspicious-activity.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsListener } from './metrics-listener.js';
import { ProcessMetrics } from './process-metrics.js';
import { RequestMetrics } from './request-metrics.js';
import { SecurityMetrics } from './security-metrics.js';
import { StateMetrics } from './state-metrics.js';

/**
 * Numbers to watch the server by, at GET /metrics with METRICS_TOKEN or on METRICS_PORT. Each is
 * kept where it comes about (common/metrics has what they are made of) and put together here. Their
 * names begin with `latchkey_` and are stable; docs/monitoring.md lists them.
 */
@Module({
  imports: [AccessReviewModule, AuthModule, SuspiciousActivityModule, WebhooksModule],
  controllers: [MetricsController],
  providers: [
    Metrics,
    MetricsListener,
    ProcessMetrics,
    RequestMetrics,
    SecurityMetrics,
    StateMetrics,
  ],
})
export class MetricsModule {}
