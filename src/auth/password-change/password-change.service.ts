import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import { Accounts } from '../../users/accounts.js';
import { Notices } from '../notices/notices.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { CurrentPassword } from '../password/current-password.js';
import { normalizePassword } from '../password/password-hasher.js';
import { Passwords } from '../password/passwords.js';
import { Sessions } from '../sessions/sessions.js';

const POINTER = '/newPassword';

/** Changes the password of somebody who knows the present one. */
@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly currentPassword: CurrentPassword,
    private readonly passwords: Passwords,
    private readonly accounts: Accounts,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly sessions: Sessions,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /**
   * @throws Problem current_password_wrong, password_rejected, overloaded, rate_limited; conflict
   *   when the password was changed at the same moment
   */
  async change(caller: Principal, current: string, wanted: string): Promise<void> {
    const account = await this.currentPassword.prove(caller, current);
    if (normalizePassword(wanted) === normalizePassword(current)) throw sameAsCurrent();
    const passwordHash = await this.passwords.accept(wanted, account, POINTER);

    await this.database.transaction(async () => {
      if (!(await this.accounts.replacePassword(account.id, account.passwordHash, passwordHash))) {
        throw new Problem('conflict', { detail: 'The password was changed at the same moment.' });
      }
      await this.oneTimeTokens.kill(account.id);
      await this.sessions.endAll(account.id, 'password_changed', account.id, caller.sessionId);
      await this.audit.record({ type: 'password.changed', actor: account.id, subject: account.id });
      await this.notices.passwordChanged(account);
    });
  }
}

function sameAsCurrent(): Problem {
  const detail = 'This is the password you have. Choose another one.';
  return new Problem('password_rejected', {
    errors: [{ pointer: POINTER, code: 'same_as_current', detail }],
    detail,
  });
}
