import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { invalid, missing } from '../../common/http/validation.js';
import { Database } from '../../database/database.js';
import { Accounts } from '../../users/accounts.js';
import { methodsOf, PasskeyProof } from '../passkeys/passkey-proof.js';
import type { AuthenticationResponse } from '../passkeys/webauthn-json.js';
import { CurrentPassword } from '../password/current-password.js';
import { FactorProof } from '../second-factor/factor-proof.js';
import { RecentSignIns } from './recent-sign-ins.js';
import type { ReauthenticateRequest, ReauthenticateResponse } from './reauthentication.dto.js';

/** Somebody who is signed in proves again who they are: by all factors the account has. */
@Injectable()
export class ReauthenticationService {
  constructor(
    private readonly accounts: Accounts,
    private readonly currentPassword: CurrentPassword,
    private readonly proof: FactorProof,
    private readonly passkeyProof: PasskeyProof,
    private readonly guesses: GuessLimits,
    private readonly database: Database,
    private readonly recentSignIns: RecentSignIns,
  ) {}

  /**
   * @throws Problem validation_failed for a factor that is missing; current_password_wrong,
   *   mfa_code_invalid, passkey_invalid, overloaded, rate_limited; recent_login_required for an API
   *   key
   */
  prove(
    caller: Principal,
    { response, ...typed }: ReauthenticateRequest,
  ): Promise<ReauthenticateResponse> {
    // A key stands for a program: nobody's presence follows from it.
    if (caller.scheme === 'ApiKey') throw new Problem('recent_login_required');
    if (response === undefined) return this.#byPassword(caller, typed);
    if (typed.password !== undefined || typed.code !== undefined) throw oneOfBoth();
    return this.#byPasskey(caller, response);
  }

  /** A passkey is all factors at once. */
  async #byPasskey(
    caller: Principal,
    response: AuthenticationResponse,
  ): Promise<ReauthenticateResponse> {
    const { userId, sessionId } = caller;
    const proved = await this.guesses.attemptUnguessable(() =>
      this.passkeyProof.prove(response, { for: 'reauthentication', userId, sessionId }, userId),
    );
    return this.database.transaction(async () => {
      await this.passkeyProof.noteUse(proved);
      return this.recentSignIns.note(caller, methodsOf(proved.passkey));
    });
  }

  async #byPassword(
    caller: Principal,
    { password, code }: Omit<ReauthenticateRequest, 'response'>,
  ): Promise<ReauthenticateResponse> {
    const account = await this.accounts.find(caller.userId);
    const factorNeeded = account !== undefined && account.secondFactorSince !== null;
    const lacking = [
      ...(password === undefined ? [missing('password')] : []),
      ...(factorNeeded && code === undefined ? [missing('code')] : []),
    ];
    if (lacking.length > 0) throw invalid(lacking);

    const proved = await this.currentPassword.prove(caller, password!);
    if (!factorNeeded) return this.recentSignIns.note(caller, ['pwd']);
    return this.proof.prove(proved, { code: code! }, () =>
      this.recentSignIns.note(caller, ['pwd', 'otp', 'mfa']),
    );
  }
}

function oneOfBoth(): Problem {
  const detail = 'A passkey stands in for password and code: send it alone.';
  return invalid([{ pointer: '/response', code: 'not_allowed', detail }]);
}
