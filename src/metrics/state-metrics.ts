import { Injectable } from '@nestjs/common';
import { AccessReviewService } from '../access-review/access-review.service.js';
import { ApiKeys } from '../auth/api-keys/api-keys.js';
import { Sessions } from '../auth/sessions/sessions.js';
import { SigningKeys } from '../auth/tokens/signing-keys.js';
import { Clock } from '../clock.js';
import { GaugeFamily } from '../common/metrics/gauge.js';
import { type Backlog, Outbox } from '../mail/outbox/outbox.js';
import { type WebhookCounts, Webhooks } from '../webhooks/webhooks.js';
import { Kept } from './kept.js';

/** How long what costs a query is kept, in milliseconds: whoever reads more often gets it again. */
const BACKLOG_KEPT = 5000;
const SESSIONS_KEPT = 60_000;

/** What stands in the database at this moment. */
@Injectable()
export class StateMetrics {
  readonly #backlog: Kept<Backlog>;
  readonly #webhooks: Kept<WebhookCounts>;
  readonly #sessions: Kept<number>;
  readonly #apiKeys: Kept<number>;

  constructor(
    outbox: Outbox,
    webhooks: Webhooks,
    sessions: Sessions,
    apiKeys: ApiKeys,
    private readonly reviews: AccessReviewService,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {
    this.#backlog = new Kept(clock, BACKLOG_KEPT, () => outbox.backlog());
    this.#webhooks = new Kept(clock, BACKLOG_KEPT, () => webhooks.backlog());
    this.#sessions = new Kept(clock, SESSIONS_KEPT, () => sessions.countLive());
    this.#apiKeys = new Kept(clock, SESSIONS_KEPT, () => apiKeys.countLive());
  }

  readonly families = [
    new GaugeFamily(
      'latchkey_mails',
      'Mails not yet sent, by state; dead: refused for good or tried too often.',
      async () =>
        Object.entries((await this.#backlog.get()).counts).map(([state, value]) => ({
          labels: { state },
          value,
        })),
    ),
    new GaugeFamily(
      'latchkey_mail_oldest_seconds',
      'How long ago the mail that waits longest was asked for; 0: none waits.',
      async () => this.#secondsSince((await this.#backlog.get()).oldest),
    ),
    new GaugeFamily(
      'latchkey_webhooks',
      'Messages to WEBHOOK_URL not yet delivered, by state; dead: refused for good or tried for days.',
      async () =>
        Object.entries(await this.#webhooks.get()).map(([state, value]) => ({
          labels: { state },
          value,
        })),
    ),
    new GaugeFamily('latchkey_sessions', 'Sessions that stand.', () => this.#sessions.get()),
    new GaugeFamily('latchkey_api_keys', 'API keys that stand.', () => this.#apiKeys.get()),
    new GaugeFamily(
      'latchkey_signing_key_age_seconds',
      'How long ago the key that signs access tokens was made.',
      () => this.#secondsSince(this.keys.active().createdAt),
    ),
    new GaugeFamily(
      'latchkey_access_review_due_timestamp_seconds',
      "When everybody's access is to be reviewed, in seconds since 1970; no line while there is nobody.",
      async () => {
        const { nextReviewDue } = await this.reviews.due();
        return nextReviewDue === null ? undefined : nextReviewDue.getTime() / 1000;
      },
    ),
  ];

  #secondsSince(at: Date | undefined): number {
    if (at === undefined) return 0;
    return Math.max(0, (this.clock.now().getTime() - at.getTime()) / 1000);
  }
}
