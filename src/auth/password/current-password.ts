import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { PasswordCheck } from './password-check.js';

/** An account whose password was just proved. */
export type ProvedAccount = Account & { readonly passwordHash: string };

/** Asks somebody who is signed in for their password once more, before what cannot be undone. */
@Injectable()
export class CurrentPassword {
  constructor(
    private readonly accounts: Accounts,
    private readonly passwordCheck: PasswordCheck,
  ) {}

  /**
   * The caller's account, with the hash that the password was right for. A wrong one counts like a
   * failed sign-in: whoever holds a token must not be able to guess here.
   *
   * @throws Problem current_password_wrong, overloaded or rate_limited
   */
  async prove(caller: Principal, password: string): Promise<ProvedAccount> {
    const own = await this.accounts.find(caller.userId);
    const proved = own && (await this.passwordCheck.check(own.email, password, caller.sessionId));
    if (proved?.id !== caller.userId || proved.passwordHash === null) {
      throw new Problem('current_password_wrong');
    }
    return proved as ProvedAccount;
  }
}
