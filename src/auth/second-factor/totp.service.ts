import { Injectable } from '@nestjs/common';
import { renderSVG } from 'uqr';
import { Clock } from '../../clock.js';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { CurrentPassword } from '../password/current-password.js';
import { Enrolments } from './enrolments.js';
import { FactorProof } from './factor-proof.js';
import type { TotpEnrolment } from './mfa.dto.js';
import { otpauthUri, stepOf } from './totp.js';
import { TotpFactors } from './totp-factors.js';
import type { TypedFactor } from './typed-factor.js';

/** An authenticator app comes to an account, and goes. */
@Injectable()
export class TotpService {
  constructor(
    private readonly accounts: Accounts,
    private readonly totpFactors: TotpFactors,
    private readonly enrolments: Enrolments,
    private readonly proof: FactorProof,
    private readonly guesses: GuessLimits,
    private readonly currentPassword: CurrentPassword,
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Shows a new seed. Nothing changes until {@link confirm}.
   *
   * @throws Problem conflict when the account has an app
   */
  async begin(caller: Principal): Promise<TotpEnrolment> {
    const account = await this.#own(caller);
    const seed = await this.totpFactors.begin(account.id);
    if (!seed) throw alreadyThere();
    const issuer = new URL(this.config.publicUrl).hostname;
    const uri = otpauthUri(seed.base32, issuer, account.email);
    return { secret: seed.base32, otpauthUri: uri, qrSvg: renderSVG(uri, { border: 4 }) };
  }

  /**
   * Lets the seed count, when its first code shows that the app has it.
   *
   * @returns the recovery codes, when this is the first factor
   * @throws Problem mfa_code_invalid, rate_limited; conflict when nothing was begun, or not lately
   */
  async confirm(caller: Principal, code: string): Promise<string[] | undefined> {
    const account = await this.#own(caller);
    const seed = await this.totpFactors.begun(account.id);
    if (!seed) {
      throw new Problem('conflict', {
        detail: 'No app waits to be confirmed. Begin with POST /auth/mfa/totp.',
      });
    }
    const { emailKey, id: userId } = account;
    // Its owner types it, and is right or wrong about nothing yet: nobody is told.
    return this.guesses.secondFactor({ emailKey, userId }, async () => {
      const step = stepOf(seed.base32, code, this.clock.now());
      if (step === undefined) throw new Problem('mfa_code_invalid');
      return this.database.transaction(async () => {
        if (!(await this.totpFactors.confirm(account.id, seed, step))) throw alreadyThere();
        return this.enrolments.factorAdded(account.id, { kind: 'totp' });
      });
    });
  }

  /**
   * Takes the app away from somebody who proves both factors: who lost one proves by a recovery code
   * what they proved with it (ASVS 6.4.4).
   *
   * @throws Problem not_found when there is none; current_password_wrong, mfa_code_invalid,
   *   overloaded, rate_limited
   */
  async remove(caller: Principal, currentPassword: string, typed: TypedFactor): Promise<void> {
    if (!(await this.totpFactors.find(caller.userId))) throw new Problem('not_found');
    const account = await this.currentPassword.prove(caller, currentPassword);
    await this.proof.prove(account, typed, async () => {
      if (!(await this.totpFactors.remove(account.id))) throw new Problem('not_found');
      await this.enrolments.factorRemoved(account.id, { kind: 'totp' });
    });
  }

  async #own(caller: Principal): Promise<Account> {
    const account = await this.accounts.find(caller.userId);
    if (!account) throw new Problem('token_revoked'); // deleted meanwhile
    return account;
  }
}

function alreadyThere(): Problem {
  return new Problem('conflict', {
    detail: 'The account has an authenticator app. Remove it to add another one.',
  });
}
