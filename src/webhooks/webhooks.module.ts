import { Module } from '@nestjs/common';
import { WebhookSender } from './webhook-sender.js';
import { WebhookWorker } from './webhook.worker.js';
import { Webhooks } from './webhooks.js';

/**
 * Messages to WEBHOOK_URL, signed as Standard Webhooks say: written with what they tell of, sent
 * later by the worker. Owns the table WebhookDelivery.
 */
@Module({ providers: [Webhooks, WebhookSender, WebhookWorker], exports: [Webhooks] })
export class WebhooksModule {}
