import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { stayInsideFor } from '../../common/async-store.js';
import { type SecurityEventMap, SecurityEvents } from '../../common/security-events.js';
import { Database } from '../../database/database.js';
import { Accounts } from '../../users/accounts.js';
import { Notices } from '../notices/notices.js';

type LimitReached = SecurityEventMap['account.limit-reached'];

/**
 * What follows when guesses at an account have reached a limit, once per account and window: a line
 * in the log and, when there is such an account, one in the audit trail and a mail to its owner. Single failures get
 * neither, so that a flood cannot fill the disk.
 */
@Injectable()
export class FailedBursts implements OnModuleInit {
  readonly #log = new Logger('Limits');

  constructor(
    private readonly events: SecurityEvents,
    private readonly accounts: Accounts,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.events.on('account.limit-reached', (reached) => {
      this.#log.warn({ reason: 'sign-in is slowed down', ...reached });
      if (reached.userId !== undefined) {
        void stayInsideFor(this.#tell(reached.userId, reached));
      }
    });
  }

  /** Nobody waits for it: the time of the answer must not tell that there is such an account. */
  async #tell(userId: string, { limit, failures, endsAt }: LimitReached): Promise<void> {
    const after = { limit, failures, until: endsAt.toISOString() };
    try {
      await this.database.transaction(async () => {
        await this.audit.record({ type: 'login.failed_burst', subject: userId, after });
        const account = await this.accounts.fresh(userId);
        // Of wrong second factors the owner has been told, each hour.
        if (account && limit !== 'second-factor') await this.notices.signInSlowedDown(account);
      });
    } catch (error) {
      this.#log.error({ reason: 'could not tell of a burst of failures', userId, err: error });
    }
  }
}
