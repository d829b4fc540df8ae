import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock } from '../../clock.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { Database } from '../../database/database.js';
import type { Account } from '../../users/accounts.js';
import { Notices } from '../notices/notices.js';
import { RecoveryCodes } from './recovery-codes.js';
import { stepOf } from './totp.js';
import { TotpFactors } from './totp-factors.js';
import type { TypedFactor } from './typed-factor.js';

/** Uses up what was proved with. @throws Problem mfa_code_invalid when somebody was faster */
export type Spend = () => Promise<void>;

/**
 * Whether a code of the app, or a recovery code, is right. The refusal is the same for a wrong one
 * and for one that was right and is used up.
 */
@Injectable()
export class FactorProof {
  readonly #log = new Logger('SecondFactor');

  constructor(
    private readonly totpFactors: TotpFactors,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly guesses: GuessLimits,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Proves the account's second factor, and does `then` with it in one transaction.
   *
   * @throws Problem mfa_code_invalid, rate_limited
   */
  prove<Result>(
    account: Account,
    typed: TypedFactor,
    then: () => Promise<Result>,
  ): Promise<Result> {
    return this.guess(account, async () => {
      const spend = await this.judge(account, typed);
      return this.database.transaction(async () => {
        await spend();
        return then();
      });
    });
  }

  /**
   * Runs a try within the budget of the account, whichever challenge it is for; tells the owner of
   * a wrong one.
   *
   * @param attempt failed when it throws Problem mfa_code_invalid or passkey_invalid
   * @throws Problem rate_limited, and what `attempt` throws
   */
  async guess<Result>(account: Account, attempt: () => Promise<Result>): Promise<Result> {
    try {
      const { emailKey, id: userId } = account;
      return await this.guesses.secondFactor({ emailKey, userId }, attempt);
    } catch (error) {
      if (isWrongFactor(error)) await this.#tell(account);
      throw error;
    }
  }

  /**
   * What uses up the factor that was typed, if it is right. Call it inside {@link guess}: it counts
   * nothing by itself.
   *
   * @throws Problem mfa_code_invalid
   */
  async judge(account: Account, typed: TypedFactor): Promise<Spend> {
    if ('recoveryCode' in typed) return () => this.#spendRecoveryCode(account, typed.recoveryCode);
    const seed = await this.totpFactors.find(account.id);
    const step = seed && stepOf(seed.base32, typed.code, this.clock.now());
    if (step === undefined) throw new Problem('mfa_code_invalid');
    return async () => {
      const spent = await this.totpFactors.spend(account.id, seed!, step);
      if (!spent) throw new Problem('mfa_code_invalid');
    };
  }

  async #spendRecoveryCode(account: Account, typed: string): Promise<void> {
    await this.database.transaction(async () => {
      if (!(await this.recoveryCodes.use(account.id, typed))) throw new Problem('mfa_code_invalid');
      const left = await this.recoveryCodes.left(account.id);
      await this.audit.record({
        type: 'mfa.recovery_code_used',
        actor: account.id,
        subject: account.id,
        after: { left },
      });
      await this.notices.recoveryCodeUsed(account, left);
    });
  }

  /** Once an hour, however often. What cannot be told is logged: the answer is the refusal. */
  async #tell(account: Account): Promise<void> {
    try {
      await this.database.transaction(async () => {
        await this.audit.recordHourly({ type: 'mfa.challenge_failed', subject: account.id });
        await this.notices.secondFactorFailed(account);
      });
    } catch (error) {
      this.#log.error({ reason: 'could not tell of a wrong second factor', err: error });
    }
  }
}

function isWrongFactor(error: unknown): boolean {
  return (
    error instanceof Problem &&
    (error.code === 'mfa_code_invalid' || error.code === 'passkey_invalid')
  );
}
