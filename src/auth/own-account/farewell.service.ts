import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { Outbox } from '../../mail/outbox/outbox.js';
import { Accounts } from '../../users/accounts.js';
import { Administrators } from '../../users/administrators.js';
import { Notices } from '../notices/notices.js';
import { CurrentPassword } from '../password/current-password.js';
import { Sessions } from '../sessions/sessions.js';

/**
 * Deletes an account for its person. What is left is the audit trail, which knows ids only: with
 * the account's row, the one place that says whose id it was is gone.
 */
@Injectable()
export class FarewellService {
  constructor(
    private readonly currentPassword: CurrentPassword,
    private readonly administrators: Administrators,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly notices: Notices,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  /**
   * @throws Problem current_password_wrong, last_administrator, overloaded, rate_limited; conflict
   *   when the password was changed at the same moment
   */
  async delete(caller: Principal, currentPassword: string): Promise<void> {
    const { id, passwordHash } = await this.currentPassword.prove(caller, currentPassword);
    await this.administrators.keepingOne(async () => {
      const account = await this.accounts.fresh(id);
      await this.sessions.endAll(id, 'account_deleted', id);
      if (!account || !(await this.accounts.deleteOwn(id, passwordHash))) {
        throw new Problem('conflict', { detail: 'The account was changed at the same moment.' });
      }
      await this.audit.record({ type: 'user.deleted', actor: id, subject: id });
      // Mails with links that lead nowhere now, and who got what when.
      await this.outbox.forget(account.emailKey);
      await this.notices.accountDeleted(account);
    });
  }
}
