import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Problem } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { Notices } from '../notices/notices.js';
import { Sessions } from '../sessions/sessions.js';
import { TokenIssuer } from '../sessions/token-issuer.js';
import type { TokenResponse } from '../tokens/token.dto.js';
import { mayNotSignIn } from './sign-in.policy.js';

/** How somebody proved who they are (RFC 8176). */
export type AuthenticationMethod = 'pwd';

/** The one place a session begins, whichever way a person proved who they are. */
@Injectable()
export class SignInService {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly issuer: TokenIssuer,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /**
   * @param proved the account as it was when the person proved to be its owner
   * @throws Problem account_disabled or email_not_verified; invalid_credentials when what was
   *   proved has changed meanwhile
   */
  async complete(proved: Account, methods: AuthenticationMethod[]): Promise<TokenResponse> {
    const refusal = mayNotSignIn(proved);
    if (refusal) throw new Problem(refusal);

    const { account, session } = await this.database.transaction(async () => {
      const account = await this.#still(proved);
      const session = await this.sessions.start(account.id, methods);
      const isFirst = account.lastLoginAt === null;
      if (!isFirst && (await this.sessions.isNewDevice(session))) {
        await this.notices.newDevice(account, session);
      }
      await this.accounts.recordLogin(account.id);
      await this.audit.record({
        type: 'login.succeeded',
        actor: account.id,
        subject: account.id,
        after: { session: session.id, amr: session.amr },
      });
      return { account, session };
    });
    return this.issuer.issue(account, session, session.generation, session.idleExpiresAt);
  }

  /**
   * The account as it is inside the transaction. A reset that was committed since the password was
   * compared has ended every session, and must not be followed by one with the old password.
   */
  async #still(proved: Account): Promise<Account> {
    const account = await this.accounts.fresh(proved.id);
    if (!account || account.passwordHash !== proved.passwordHash) {
      throw new Problem('invalid_credentials');
    }
    const refusal = mayNotSignIn(account);
    if (refusal) throw new Problem(refusal);
    return account;
  }
}
