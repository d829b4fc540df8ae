import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { newestLink } from '../audit/chained-lines.js';
import { AuditRetention } from '../audit/retention.js';
import { ApiKeys } from '../auth/api-keys/api-keys.js';
import { OneTimeTokens } from '../auth/one-time-tokens/one-time-tokens.js';
import { EndedSessions } from '../auth/sessions/ended-sessions.js';
import { PasskeyChallenges } from '../auth/passkeys/passkey-challenges.js';
import { MfaChallenges } from '../auth/second-factor/challenges.js';
import { Sessions } from '../auth/sessions/sessions.js';
import { TrustedDevices } from '../auth/trusted-devices/trusted-devices.js';
import { Clock, later } from '../clock.js';
import { Config } from '../config/config.js';
import { KnownNetworks } from '../common/http/limits/known-networks.js';
import { LimitCounts } from '../common/http/limits/limit-counts.js';
import { Database } from '../database/database.js';
import { CapturedMails } from '../mail/dev-mailbox/captured-mails.js';
import { Outbox } from '../mail/outbox/outbox.js';
import { Detections } from '../suspicious-activity/detections.js';
import { Accounts } from '../users/accounts.js';
import { Webhooks } from '../webhooks/webhooks.js';
import { MaintenanceRuns } from './maintenance-runs.js';

const NAME = 'clean-up';
const MINUTE = 60_000;
const DAY = 86_400_000;
const EVERY = 60 * MINUTE;
/** How often to look whether it is time, give or take a half. */
const LOOK = 5 * MINUTE;

/** How long what is over is kept, in milliseconds. docs/operators.md has the same table. */
export const KEPT_FOR = {
  /** Past its expiry: for so long a link can still say that it was used already. */
  oneTimeTokens: 7 * DAY,
  /** Past its expiry: a sign-in that stopped at the second factor. */
  mfaChallenges: DAY,
  /** Past its end: for so long the sign-ins of a device make it a known one. */
  sessions: 30 * DAY,
  /** Past its end or expiry: for so long its use is told from a guess. */
  apiKeys: 90 * DAY,
  /** Past the last registration or invitation, for an account that nobody ever confirmed. */
  unconfirmedAccounts: 30 * DAY,
  /** Past the request, for mail that was sent or given up. */
  mails: 7 * DAY,
  /** In the mailbox for development, which keeps the newest 200 in any case. */
  capturedMails: 7 * DAY,
  /** That a rule has found something: longer than any cooldown. */
  suspiciousActivity: DAY,
  /** Past the writing of a message, whatever became of it. */
  webhooks: 7 * DAY,
} as const;

/**
 * Past the request, for mail that was decided against: strangers ask for as many as they like, for
 * addresses nobody has, and shall fill no disk.
 */
const DECIDED_AGAINST_KEPT_FOR = 60 * MINUTE;

/** How many rows of each kind were removed. */
export type CleanedUp = Record<
  | keyof typeof KEPT_FOR
  | 'endedSessions'
  | 'passkeyChallenges'
  | 'auditEvents'
  | 'limitCounts'
  | 'knownNetworks'
  | 'trustedDevices',
  number
>;

/** How long shutting down waits for the step under way. */
const LAST_STEP = 2000;

/**
 * Removes what is over, every hour, in one process at a time. Each step is a statement about at
 * most 500 rows, so that nobody waits long; a run that is cut short is made up for by the next.
 */
@Injectable()
export class CleanUp implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('clean-up');
  #look: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly runs: MaintenanceRuns,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly mfaChallenges: MfaChallenges,
    private readonly sessions: Sessions,
    private readonly trustedDevices: TrustedDevices,
    private readonly endedSessions: EndedSessions,
    private readonly accounts: Accounts,
    private readonly outbox: Outbox,
    private readonly capturedMails: CapturedMails,
    private readonly audit: Audit,
    private readonly auditRetention: AuditRetention,
    private readonly config: Config,
    private readonly limitCounts: LimitCounts,
    private readonly knownNetworks: KnownNetworks,
    private readonly passkeyChallenges: PasskeyChallenges,
    private readonly detections: Detections,
    private readonly webhooks: Webhooks,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly apiKeys: ApiKeys,
  ) {}

  onApplicationBootstrap(): void {
    this.#lookAgain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#look);
    await Promise.race([this.#running, sleep(LAST_STEP, undefined, { ref: false })]);
  }

  /**
   * Cleans up, unless this or another process has begun to within the hour.
   *
   * @returns undefined when it is not due
   */
  async runIfDue(): Promise<CleanedUp | undefined> {
    const startedAt = await this.runs.claim(NAME, EVERY);
    if (startedAt === undefined) return undefined;
    const removed = await this.#run(startedAt);
    await this.runs.finish(NAME, startedAt);
    const head = await newestLink(this.database);
    this.#log.log({
      outcome: 'cleaned up',
      ...removed,
      // Where whoever can write the database cannot: `npm run audit -- verify --head` looks for it.
      auditHead: `${head.seq}:${head.hash}`,
      ms: this.clock.now().getTime() - startedAt.getTime(),
    });
    return removed;
  }

  /** Looks again and again, at uneven times, so that several processes seldom do so at once. */
  #lookAgain(): void {
    this.#look = setTimeout(
      () => {
        this.#running = this.runIfDue()
          .catch((error: unknown) => this.#log.error({ outcome: 'interrupted', err: error }))
          .finally(() => {
            if (!this.#stopped) this.#lookAgain();
          });
      },
      LOOK * (0.5 + Math.random()),
    ).unref();
  }

  async #run(now: Date): Promise<CleanedUp> {
    const before = (kind: keyof typeof KEPT_FOR) => later(now, -KEPT_FOR[kind]);
    return {
      oneTimeTokens: await this.#all(this.oneTimeTokens.forgetExpired(before('oneTimeTokens'))),
      mfaChallenges: await this.#all(this.mfaChallenges.forgetExpired(before('mfaChallenges'))),
      sessions: await this.#all(this.sessions.forgetEnded(before('sessions'))),
      apiKeys: await this.#all(this.apiKeys.forgetEnded(before('apiKeys'))),
      endedSessions: await this.#all(this.endedSessions.forget(this.#tokensExpired(now))),
      unconfirmedAccounts: await this.#all(this.#forgetUnconfirmed(before('unconfirmedAccounts'))),
      mails: await this.#all(
        this.outbox.forgetFinished(before('mails'), later(now, -DECIDED_AGAINST_KEPT_FOR)),
      ),
      capturedMails: await this.#all(this.capturedMails.forget(before('capturedMails'))),
      auditEvents: await this.#all(this.#forgetAudit(now)),
      limitCounts: await this.#all(this.limitCounts.forgetEnded(now.getTime())),
      knownNetworks: await this.#all(this.knownNetworks.forgetExpired(now)),
      trustedDevices: await this.#all(this.trustedDevices.forgetExpired(now)),
      passkeyChallenges: await this.#all(this.passkeyChallenges.forgetExpired(now)),
      suspiciousActivity: await this.#all(this.detections.forget(before('suspiciousActivity'))),
      webhooks: await this.#all(this.webhooks.forget(before('webhooks'))),
    };
  }

  /** No access token of a session that ended before then is good any more, on a slow clock either. */
  #tokensExpired(now: Date): Date {
    return later(now, -this.config.accessTokenTtl - EVERY);
  }

  /** Walks through to the end, unless the server stops; gives the sum. */
  async #all(steps: AsyncIterable<number>): Promise<number> {
    let removed = 0;
    for await (const count of steps) {
      removed += count;
      if (this.#stopped) break;
      await nextTurn(); // SQLite is done at once: without a pause no request would be read
    }
    return removed;
  }

  async *#forgetAudit(now: Date): AsyncGenerator<number> {
    const { auditRetention } = this.config;
    if (auditRetention > 0) yield* this.auditRetention.forget(later(now, -auditRetention));
  }

  async *#forgetUnconfirmed(before: Date): AsyncGenerator<number> {
    for await (const ids of this.accounts.neverConfirmed(before)) {
      yield await this.database.transaction(async () => {
        const deleted = await this.accounts.deleteNeverConfirmed(ids, before);
        for (const subject of deleted) {
          await this.audit.record({
            type: 'user.deleted',
            subject,
            after: { reason: 'never_confirmed' },
          });
        }
        return deleted.length;
      });
    }
  }
}
