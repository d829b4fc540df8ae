import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Clock, later } from '../clock.js';
import { stayInsideFor } from '../common/async-store.js';
import { CounterFamily } from '../common/metrics/counter.js';
import { SecurityEvents } from '../common/security-events.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { Webhooks } from '../webhooks/webhooks.js';
import { AlarmMails } from './alarm-mails.js';
import { Detections } from './detections.js';
import { RULE_NAMES, ruleOf } from './rules.js';
import { type Detection, Watch } from './watch.js';

/** How often one rule is told within an hour at most, if strangers can bring it about. */
const MOST_AN_HOUR = 100;
const HOUR = 3_600_000;
/** How many detections may wait to be written; an attack is known by fewer. */
const MOST_WAITING = 50;

/**
 * Listens to what happens at the doors, and tells of what the rules find: in the log, in a metric
 * and, by one transaction, in the audit trail, to the webhook and by mail. Each process counts what
 * it sees itself; of what several find, one tells.
 */
@Injectable()
export class SuspiciousActivity implements OnModuleInit {
  readonly #log = new Logger('SuspiciousActivity');
  readonly #watch = new Watch();
  readonly #found = new CounterFamily(
    'latchkey_suspicious_activity_total',
    'What the rules about suspicious activity have found, once per cooldown.',
    ['rule'],
  );
  readonly metrics = [this.#found];
  #waiting = 0;

  constructor(
    private readonly events: SecurityEvents,
    private readonly detections: Detections,
    private readonly mails: AlarmMails,
    private readonly webhooks: Webhooks,
    private readonly audit: Audit,
    private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    for (const rule of RULE_NAMES) this.#found.with(rule);
  }

  onModuleInit(): void {
    if (!this.config.rateLimits) return;
    const now = () => this.clock.now().getTime();
    const { events } = this;
    const watch = this.#watch;
    events.on('sign-in.failed', (event) => this.#tellAll(watch.failed(event, now())));
    events.on('sign-in.succeeded', (event) => this.#tellAll(watch.succeeded(event, now())));
    events.on('basic.accepted', (event) => this.#tellAll(watch.basicAccepted(event, now())));
    events.on('registration', (event) => this.#tellAll(watch.registered(event, now())));
    events.on('refresh.reused', (event) => this.#tellAll(watch.refreshReused(event)));
    events.on('ended-session.used', (event) => this.#tellAll(watch.endedSessionUsed(event, now())));
    events.on('ended-api-key.used', (event) => this.#tellAll(watch.endedApiKeyUsed(event, now())));
    events.on('permission.raised', (event) => this.#tellAll(watch.permissionRaised(event)));
  }

  /** Nobody waits for it: the time of the answer must not tell that there is such an account. */
  #tellAll(found: readonly Detection[]): void {
    for (const detection of found) void stayInsideFor(this.#tell(detection));
  }

  async #tell(detection: Detection): Promise<void> {
    const facts = factsOf(detection);
    if (this.#waiting >= MOST_WAITING) {
      this.#log.warn({ reason: 'suspicious activity, not recorded: too much of it', ...facts });
      return;
    }
    this.#waiting++;
    try {
      if (!(await this.#record(detection))) return;
    } catch (error) {
      this.#log.error({ reason: 'could not record suspicious activity', ...facts, err: error });
    } finally {
      this.#waiting--;
    }
    this.#found.with(detection.rule).add();
    const line = { reason: 'suspicious activity', ...facts };
    if (ruleOf(detection.rule).severity === 'alarm') this.#log.warn(line);
    else this.#log.log(line);
  }

  /** False when it was told lately, or too much was. */
  #record(detection: Detection): Promise<boolean> {
    const { rule, about, subject, actor } = detection;
    const { cooldownMs, byStrangers } = ruleOf(rule);
    return this.database.transaction(async () => {
      const anHourAgo = later(this.clock.now(), -HOUR);
      const full =
        byStrangers && (await this.detections.countSince(rule, anHourAgo)) >= MOST_AN_HOUR;
      if (full || !(await this.detections.claim(rule, about, cooldownMs))) return false;
      const { subject: _, actor: __, ...after } = factsOf(detection);
      await this.audit.record({ type: 'suspicious.detected', actor, subject, after });
      await this.webhooks.send('suspicious.detected', factsOf(detection));
      await this.mails.send(detection);
      return true;
    });
  }
}

/** What is told, the same everywhere. */
function factsOf({ rule, count, subject, actor, network, permissions }: Detection) {
  const { severity, threshold, windowMs } = ruleOf(rule);
  return {
    rule,
    severity,
    count,
    threshold,
    windowSeconds: windowMs / 1000,
    ...(subject === undefined ? {} : { subject }),
    ...(actor === undefined ? {} : { actor }),
    ...(network === undefined ? {} : { network }),
    ...(permissions === undefined ? {} : { permissions: [...permissions] }),
  };
}
