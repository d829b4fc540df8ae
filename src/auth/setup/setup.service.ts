import { Injectable, Logger } from '@nestjs/common';
import { Problem } from '../../common/errors/problem.js';
import { Config } from '../../config/config.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { Administrators } from '../../users/administrators.js';
import { AdministratorMaker } from './administrator-maker.js';
import type { SetupRequest } from './setup.dto.js';
import { SetupLink } from './setup-link.js';

/** The first start: from no administrator to one. */
@Injectable()
export class SetupService {
  readonly #log = new Logger('Setup');

  constructor(
    private readonly link: SetupLink,
    private readonly maker: AdministratorMaker,
    private readonly accounts: Accounts,
    private readonly administrators: Administrators,
    private readonly config: Config,
  ) {}

  /**
   * Makes the administrator that ADMIN_EMAIL and ADMIN_PASSWORD name, when there is none.
   *
   * @returns whether there is an administrator now
   */
  async fromEnvironment(): Promise<boolean> {
    if (await this.administrators.exists()) return true;
    const { firstAdministrator } = this.config;
    if (!firstAdministrator) return false;
    await this.maker.makeFirst(firstAdministrator.email, firstAdministrator.password);
    this.#log.log({ msg: 'made the first administrator, as ADMIN_EMAIL says' });
    return true;
  }

  /** @throws Problem token_invalid, also once there is an administrator; password_rejected */
  async setUp({ token, email, password }: SetupRequest): Promise<Account> {
    if (!this.link.matches(token) || (await this.administrators.exists())) {
      throw new Problem('token_invalid');
    }
    const id = await this.maker.makeFirst(email, password);
    if (id === undefined) throw new Problem('token_invalid');
    return (await this.accounts.find(id))!;
  }
}
