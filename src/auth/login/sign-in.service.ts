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
   * @param account as it was when the person proved to be its owner
   * @throws Problem account_disabled or email_not_verified; invalid_credentials when what was
   *   proved has ceased to hold meanwhile
   */
  async complete(account: Account, methods: AuthenticationMethod[]): Promise<TokenResponse> {
    const refusal = mayNotSignIn(account);
    if (refusal) throw new Problem(refusal);

    const session = await this.database.transaction(async () => {
      // A new password, or disabling, ends all sessions: none may begin behind its back.
      if (!(await this.accounts.recordLogin(account))) throw new Problem('invalid_credentials');
      const started = await this.sessions.start(account.id, methods);
      const isFirst = account.lastLoginAt === null;
      if (!isFirst && (await this.sessions.isNewDevice(started))) {
        await this.notices.newDevice(account, started);
      }
      await this.audit.record({
        type: 'login.succeeded',
        actor: account.id,
        subject: account.id,
        after: { session: started.id, amr: started.amr },
      });
      return started;
    });
    return this.issuer.issue(account, session, session.generation, session.idleExpiresAt);
  }
}
