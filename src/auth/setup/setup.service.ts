import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Problem } from '../../common/errors/problem.js';
import { GuessLimits } from '../../common/http/limits/guess-limits.js';
import { Config } from '../../config/config.js';
import { type Account, Accounts } from '../../users/accounts.js';
import { Administrators } from '../../users/administrators.js';
import { AdministratorMaker } from './administrator-maker.js';
import { assertFirstAdministrator } from './first-administrator.js';
import type { SetupRequest } from './setup.dto.js';
import { SetupLink } from './setup-link.js';

/** The first start: from no administrator to one. */
@Injectable()
export class SetupService implements OnApplicationBootstrap {
  readonly #log = new Logger('Setup');

  constructor(
    private readonly link: SetupLink,
    private readonly maker: AdministratorMaker,
    private readonly accounts: Accounts,
    private readonly administrators: Administrators,
    private readonly config: Config,
    private readonly guesses: GuessLimits,
  ) {}

  /** Makes the administrator that ADMIN_EMAIL and ADMIN_PASSWORD name, when there is none. */
  async onApplicationBootstrap(): Promise<void> {
    const { firstAdministrator } = this.config;
    if (!firstAdministrator || (await this.administrators.exists())) return;
    await assertFirstAdministrator(this.config);
    const id = await this.maker.makeFirst(
      firstAdministrator.email,
      firstAdministrator.password,
      'environment',
    );
    if (id) this.#log.log({ msg: 'made the first administrator, as ADMIN_EMAIL says', userId: id });
  }

  /** The link to make the first administrator with; undefined once there is one. */
  async openLink(): Promise<string | undefined> {
    return (await this.administrators.exists()) ? undefined : this.link.url();
  }

  /**
   * @throws Problem token_invalid, also once there is an administrator; password_rejected;
   *   rate_limited
   */
  setUp(request: SetupRequest): Promise<Account> {
    return this.guesses.attempt(() => this.#setUp(request));
  }

  async #setUp({ token, email, password }: SetupRequest): Promise<Account> {
    if (!this.link.matches(token) || (await this.administrators.exists())) {
      throw new Problem('token_invalid');
    }
    const id = await this.maker.makeFirst(email, password, 'setup_link');
    if (id === undefined) throw new Problem('token_invalid');
    return (await this.accounts.find(id))!;
  }
}
