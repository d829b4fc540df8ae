import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Trail, type TrailEvent } from '../audit/trail.js';
import { Clock, later } from '../clock.js';
import { RunAgain } from '../common/run-again.js';
import { SecurityEvents } from '../common/security-events.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { Accounts } from '../users/accounts.js';
import type { MadeBy } from '../users/administrators.js';
import type { RuleName } from './rules.js';

/** How long after a look that failed the next one comes, in milliseconds. */
const TRY_AGAIN = 1000;
/** Of whom the command line made longer ago nobody hears: an upgrade is no news. In milliseconds. */
const LONGEST_AGO = 7 * 86_400_000;
/** How many lines about one account are looked through. */
const LINES = 200;

/**
 * Hears of administrators whom the command line makes, beside the server or while none ran:
 * `npm run admin` is a process of its own, in which nobody listens. The audit trail says so.
 */
@Injectable()
export class AdministratorsElsewhere implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger('SuspiciousActivity');
  readonly #looks = new RunAgain(() => this.#look());
  /** Place in the chain of the last line that was looked at. */
  #seen = 0;
  #next: NodeJS.Timeout | undefined;
  #failing = false;
  #stopped = false;

  constructor(
    private readonly trail: Trail,
    private readonly accounts: Accounts,
    private readonly events: SecurityEvents,
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.rateLimits) return;
    this.database.onForeignChange(() => void this.#looks.run());
    void this.#looks.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#next);
    await this.#looks.idle();
  }

  /** A look that fails is tried again; one line tells of all that fail in a row. */
  async #look(): Promise<void> {
    clearTimeout(this.#next);
    try {
      for (const line of await this.trail.ofTypeSince('administrator.created', this.#seen)) {
        if (await this.#isNews(line)) await this.#tell(line.subject!);
        this.#seen = line.seq;
      }
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) {
        this.#log.error({ reason: 'could not look for new administrators', err: error });
      }
      this.#failing = true;
      if (!this.#stopped) this.#next = setTimeout(() => void this.#looks.run(), TRY_AGAIN).unref();
    }
  }

  async #isNews({ subject, at, detail }: TrailEvent): Promise<boolean> {
    const { after } = (detail ?? {}) as { after?: { by?: MadeBy } };
    if (subject === null || after?.by !== 'command_line') return false;
    if (at < later(this.clock.now(), -LONGEST_AGO)) return false;
    const found = { type: 'suspicious.detected', subject, from: at };
    const lines = await this.trail.before(undefined, found, LINES);
    return !lines.some((line) => ruleIn(line) === 'permission_raised');
  }

  async #tell(subject: string): Promise<void> {
    const account = await this.accounts.fresh(subject);
    if (!account) return;
    this.events.emit('permission.raised', { subject, permissions: [...account.permissions] });
  }
}

function ruleIn({ detail }: TrailEvent): RuleName | undefined {
  return (detail as { after?: { rule?: RuleName } } | null)?.after?.rule;
}
