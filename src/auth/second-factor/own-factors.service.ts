import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { Accounts } from '../../users/accounts.js';
import { needsFactor } from '../login/sign-in.policy.js';
import { Notices } from '../notices/notices.js';
import type { MfaState } from './mfa.dto.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactors } from './second-factors.js';

/** What people see of their second factors, and new recovery codes for them. */
@Injectable()
export class OwnFactorsService {
  constructor(
    private readonly accounts: Accounts,
    private readonly secondFactors: SecondFactors,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly notices: Notices,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  async state({ userId }: Principal): Promise<MfaState> {
    // Of the account, not of the token: a narrowed one names no roles.
    const account = await this.accounts.find(userId);
    return {
      totp: (await this.secondFactors.count(userId, 'totp')) > 0,
      passkeys: await this.secondFactors.count(userId, 'passkey'),
      recoveryCodesLeft: await this.secondFactors.count(userId, 'recovery_code'),
      requiredByRole: needsFactor(account?.roles ?? [], this.config.mfaRequiredRoles),
    };
  }

  /** @throws Problem conflict when there is no factor that they would stand in for */
  async renewRecoveryCodes({ userId }: Principal): Promise<string[]> {
    return this.database.transaction(async () => {
      const account = await this.accounts.fresh(userId);
      if (!account || account.secondFactorSince === null) {
        throw new Problem('conflict', {
          detail: 'The account has no second factor. Adding the first one gives recovery codes.',
        });
      }
      const codes = await this.recoveryCodes.renew(userId);
      await this.audit.record({
        type: 'mfa.recovery_codes_renewed',
        actor: userId,
        subject: userId,
      });
      await this.notices.recoveryCodesRenewed(account);
      return codes;
    });
  }
}
