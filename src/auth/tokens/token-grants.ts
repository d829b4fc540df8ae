import { Injectable } from '@nestjs/common';
import { invalid } from '../../common/http/validation.js';
import { Config } from '../../config/config.js';
import { Services } from '../../services/services.service.js';
import type { Account } from '../../users/accounts.js';
import { isPermission } from '../../users/permissions.js';
import { owesFactor } from '../login/sign-in.policy.js';
import type { TokenChoice } from './token-choice.dto.js';

/** What an access token is good for. */
export interface TokenGrant {
  /** The one value of `aud`. */
  audience: string;
  /** The only permissions it grants, as long as the person holds them; undefined: all of them. */
  narrowedTo?: readonly string[];
  /**
   * A role needs a second factor that is not there yet: services that look at the token alone must
   * find nothing in it. Here the account is looked at, so the token is good for all once there is one.
   */
  withheld?: boolean;
}

/**
 * What a person may have of what a request asks for. Ask before anything else is done: what is
 * refused must neither begin a session nor spend a refresh token.
 */
@Injectable()
export class TokenGrants {
  constructor(
    private readonly config: Config,
    private readonly services: Services,
  ) {}

  /** @throws Problem validation_failed: `invalid_target`, or `unknown_permission` in the scope */
  async of(account: Account, choice: TokenChoice = {}): Promise<TokenGrant> {
    const audience = await this.#audience(choice);
    const withheld = owesFactor(account, this.config.mfaRequiredRoles);
    if (choice.scope === undefined) return { audience, withheld };
    const asked = namesIn(choice.scope);
    return {
      audience,
      withheld,
      narrowedTo: asked.filter((name) => account.permissions.has(name)),
    };
  }

  async #audience({ audience, resource }: TokenChoice): Promise<string> {
    const asked = audience ?? resource;
    if (asked === undefined) return this.config.accessTokenAudience;
    if (resource !== undefined && resource !== asked) {
      throw invalidTarget('resource', 'audience and resource say the same, or one is left out.');
    }
    if (asked === this.config.accessTokenAudience) return asked;
    if (await this.services.hasAudience(asked)) return asked;
    throw invalidTarget(
      audience === undefined ? 'resource' : 'audience',
      'No service of this audience is registered.',
    );
  }
}

/** RFC 8707 section 2 calls the error invalid_target. */
function invalidTarget(field: string, detail: string) {
  return invalid([{ pointer: `/${field}`, code: 'invalid_target', detail }]);
}

function namesIn(scope: string): string[] {
  const names = [...new Set(scope.split(' ').filter((name) => name !== ''))];
  if (names.every(isPermission)) return names;
  throw invalid([
    {
      pointer: '/scope',
      code: 'unknown_permission',
      detail: 'scope names something that is no permission. GET /permissions lists them.',
    },
  ]);
}
