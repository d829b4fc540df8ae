import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Trail } from '../audit/trail.js';
import { SecurityEvents } from '../common/security-events.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { Accounts } from '../users/accounts.js';

/**
 * Hears of administrators whom the command line makes while the server runs: `npm run admin` is a
 * process of its own, in which nobody listens. The audit trail says so.
 */
@Injectable()
export class AdministratorsElsewhere implements OnApplicationBootstrap {
  readonly #log = new Logger('SuspiciousActivity');
  #seen = 0;

  constructor(
    private readonly trail: Trail,
    private readonly accounts: Accounts,
    private readonly events: SecurityEvents,
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.rateLimits) return;
    this.#seen = await this.trail.newestSeq();
    this.database.onForeignChange(() => {
      this.#look().catch((error: unknown) =>
        this.#log.error({ reason: 'could not look for new administrators', err: error }),
      );
    });
  }

  async #look(): Promise<void> {
    for (const { seq, subject, detail } of await this.trail.ofTypeSince(
      'administrator.created',
      this.#seen,
    )) {
      const account = subject ? await this.accounts.fresh(subject) : undefined;
      if (seq <= this.#seen) continue; // another look was faster
      this.#seen = seq;
      const { after } = (detail ?? {}) as { after?: { by?: string } };
      if (!account || after?.by !== 'command_line') continue;
      this.events.emit('permission.raised', {
        subject: account.id,
        permissions: [...account.permissions],
      });
    }
  }
}
