import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import type { Principal } from '../../common/access/principal.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { Database } from '../../database/database.js';
import { UsersService } from '../../users/users.service.js';
import type { AccountLimitResponse, AccountLimitsResponse } from './account-limits.dto.js';

/** At most so many windows of an account are shown: a flood has one per network. */
const SHOWN = 200;

/** Lets administrators see what slows sign-in to an account down, and lift it. */
@Injectable()
export class AccountLimitsService {
  constructor(
    private readonly users: UsersService,
    private readonly guesses: GuessLimits,
    private readonly audit: Audit,
    private readonly database: Database,
  ) {}

  /** @throws Problem not_found */
  async list(id: string): Promise<AccountLimitsResponse> {
    const { emailKey } = await this.users.get(id);
    const limits = await this.guesses.ofAccount(emailKey);
    const items = limits.slice(0, SHOWN).map(({ limit, count, max, endsAt }) => ({
      limit: limit as AccountLimitResponse['limit'],
      count,
      max,
      endsAt: new Date(endsAt),
    }));
    return { items };
  }

  /** @throws Problem not_found */
  async lift(caller: Principal, id: string): Promise<void> {
    const { emailKey } = await this.users.get(id);
    await this.database.transaction(async () => {
      const lifted = await this.guesses.lift(emailKey);
      await this.audit.record({
        type: 'limits.lifted',
        actor: caller.userId,
        subject: id,
        after: { lifted },
      });
    });
  }
}
