import { Injectable, Logger } from '@nestjs/common';
import { PasswordHasher } from '../auth/password/password-hasher.js';
import { CounterFamily } from '../common/metrics/counter.js';
import type { Family, Sample } from '../common/metrics/family.js';
import { textOf } from '../common/metrics/text-format.js';
import { Database } from '../database/database.js';
import { SuspiciousActivity } from '../suspicious-activity/suspicious-activity.js';
import { ProcessMetrics } from './process-metrics.js';
import { RequestMetrics } from './request-metrics.js';
import { SecurityMetrics } from './security-metrics.js';
import { StateMetrics } from './state-metrics.js';

/** Every metric there is. */
@Injectable()
export class Metrics {
  readonly #log = new Logger('Metrics');
  readonly #unreadable = new CounterFamily(
    'latchkey_metrics_unreadable_total',
    'Metrics left out of a scrape because they could not be read.',
  );
  readonly #families: readonly Family[];

  constructor(
    requests: RequestMetrics,
    security: SecurityMetrics,
    suspicious: SuspiciousActivity,
    hasher: PasswordHasher,
    database: Database,
    state: StateMetrics,
    process: ProcessMetrics,
  ) {
    this.#families = [
      ...requests.families,
      ...security.families,
      ...suspicious.metrics,
      ...hasher.metrics,
      ...database.metrics,
      ...state.families,
      ...process.families,
      this.#unreadable,
    ];
  }

  /** All of them in Prometheus's text format. */
  async text(): Promise<string> {
    const parts: string[] = [];
    for (const family of this.#families) parts.push(textOf(family, await this.#read(family)));
    return parts.join('');
  }

  /** One that cannot be read must not hide the others: that is when they are looked at. */
  async #read(family: Family): Promise<readonly Sample[]> {
    try {
      return await family.samples();
    } catch (error) {
      this.#unreadable.with().add();
      this.#log.error({ reason: 'cannot be read', metric: family.name, err: error });
      return [];
    }
  }
}
