import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/access/principal.js';
import { Problem } from '../../common/errors/problem.js';
import { Database } from '../../database/database.js';
import { RolesService } from '../../users/roles.service.js';
import { UsersService } from '../../users/users.service.js';
import { Enrolments } from './enrolments.js';
import { SecondFactors } from './second-factors.js';

/** Before any factor there is. */
const ALWAYS = new Date(0);

/** Helps somebody who has lost their factor and their recovery codes. */
@Injectable()
export class AccountFactorsService {
  constructor(
    private readonly users: UsersService,
    private readonly roles: RolesService,
    private readonly secondFactors: SecondFactors,
    private readonly enrolments: Enrolments,
    private readonly database: Database,
  ) {}

  /**
   * Takes every second factor from the account. Whether the person is who they say is the
   * administrator's to find out (ASVS 6.4.4); the password stays, and nobody learns it.
   *
   * @throws Problem not_found, also when there is none; permission_required when the account holds a
   *   permission the caller lacks; conflict for the own account, where both factors are proved
   */
  async remove(caller: Principal, id: string): Promise<void> {
    await this.database.transaction(async () => {
      const account = await this.users.get(id);
      if (id === caller.userId) {
        throw new Problem('conflict', {
          detail: 'Remove your own factors at /auth/mfa/totp and /auth/passkeys.',
        });
      }
      await this.roles.mustHold(caller, [...account.permissions]);
      const methods = await this.secondFactors.methodsOf(id);
      const kinds = methods.filter((method) => method !== 'recovery_code');
      if (kinds.length === 0) throw new Problem('not_found');
      await this.secondFactors.removeSince(id, ALWAYS);
      for (const kind of kinds) await this.enrolments.factorRemoved(id, { kind });
    });
  }
}
