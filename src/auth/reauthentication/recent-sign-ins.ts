import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock, later } from '../../clock.js';
import type { Principal } from '../../common/access/principal.js';
import { RECENT } from '../../common/access/recent-sign-in.guard.js';
import { Problem } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import type { AuthenticationMethod } from '../login/authentication-method.js';
import { Sessions } from '../sessions/sessions.js';
import type { ReauthenticateResponse } from './reauthentication.dto.js';

/** Where every way to prove again who one is ends, as every sign-in ends in SignInService. */
@Injectable()
export class RecentSignIns {
  constructor(
    private readonly sessions: Sessions,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets the caller's session count as recent from now on. A request that brings its password along
   * has no session: it is recent by itself.
   *
   * @param methods what was proved
   * @throws Problem token_revoked when the session has ended meanwhile
   */
  note(
    { userId, sessionId }: Principal,
    methods: readonly AuthenticationMethod[],
  ): Promise<ReauthenticateResponse> {
    return this.database.transaction(async () => {
      const recentUntil = later(this.clock.now(), RECENT);
      if (sessionId === undefined) return { recentUntil };
      const session = await this.sessions.standing(sessionId);
      if (!session || !(await this.sessions.proveAgain(session, methods))) {
        throw new Problem('token_revoked');
      }
      await this.audit.record({
        type: 'login.reauthenticated',
        actor: userId,
        subject: userId,
        after: { session: sessionId, amr: methods.join(' ') },
      });
      return { recentUntil };
    });
  }
}
