import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { canonicalEmail } from '../../common/email-address.js';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { invalid } from '../../common/http/validation.js';
import { Database } from '../../database/database.js';
import type { OneTimeToken } from '../../generated/prisma/client.js';
import { Accounts } from '../../users/accounts.js';
import { OneTimeTokens } from '../one-time-tokens/one-time-tokens.js';
import { KnownPlaces } from '../password/known-places.js';
import type { VerifyEmailRequest, VerifyEmailResponse } from './email-verification.dto.js';

/** Confirms that the owner of an address wants the account. */
@Injectable()
export class EmailVerificationService {
  constructor(
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly accounts: Accounts,
    private readonly knownPlaces: KnownPlaces,
    private readonly audit: Audit,
    private readonly database: Database,
    private readonly guesses: GuessLimits,
  ) {}

  /** @throws Problem token_invalid, the same for every reason; rate_limited */
  verify(request: VerifyEmailRequest): Promise<VerifyEmailResponse> {
    const judge = () => this.#verify(request);
    const { token, email, code } = request;
    const byCode = token === undefined && email !== undefined && code !== undefined;
    return byCode
      ? this.guesses.code({ emailKey: canonicalEmail(email)! }, judge)
      : this.guesses.attemptUnguessable(judge);
  }

  async #verify(request: VerifyEmailRequest): Promise<VerifyEmailResponse> {
    const row = await this.#rowOf(request);
    if (!row || row.purpose !== 'verify_email') throw new Problem('token_invalid');
    if (await this.#confirm(row)) return { status: 'verified' };
    if (await this.#hasConfirmed(row)) return { status: 'already_verified' };
    throw new Problem('token_invalid');
  }

  #rowOf({ token, email, code }: VerifyEmailRequest): Promise<OneTimeToken | undefined> {
    if (token !== undefined && email === undefined && code === undefined) {
      return this.oneTimeTokens.find(token);
    }
    if (token === undefined && email !== undefined && code !== undefined) {
      return this.oneTimeTokens.findByCode(canonicalEmail(email)!, 'verify_email', code);
    }
    throw invalid([
      { pointer: '', code: 'wrong_type', detail: 'Send either token, or email and code.' },
    ]);
  }

  /** Of any number of parallel calls, one gets true. */
  #confirm(row: OneTimeToken): Promise<boolean> {
    return this.database.transaction(async () => {
      if (!(await this.oneTimeTokens.spend(row))) return false;
      if (!(await this.accounts.confirmEmail(row.userId, row.emailKey))) return false;
      await this.oneTimeTokens.kill(row.userId);
      await this.knownPlaces.remember(row.emailKey);
      await this.audit.record({ type: 'user.verified', actor: row.userId, subject: row.userId });
      return true;
    });
  }

  /** Whether this very token is why the address stands confirmed: somebody clicked twice. */
  async #hasConfirmed(row: OneTimeToken): Promise<boolean> {
    const [now, account] = await Promise.all([
      this.oneTimeTokens.byId(row.id),
      this.accounts.fresh(row.userId),
    ]);
    if (!now?.usedAt || !account?.emailVerifiedAt) return false;
    return account.emailKey === row.emailKey;
  }
}
