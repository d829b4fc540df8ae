import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RecentlySignedIn } from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { AccountFactorsService } from './account-factors.service.js';

@ApiTags('Users')
@Controller('users')
export class AccountFactorsController {
  constructor(private readonly accountFactors: AccountFactorsService) {}

  /**
   * Takes all second factors and recovery codes from an account, for somebody who has lost them.
   * Make sure first that it is them. The password stays; every session ends; the person is told by
   * mail. Needs a sign-in within the last five minutes.
   */
  @Delete(':id/mfa')
  @RecentlySignedIn('users:write')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeUserFactors', summary: "Remove an account's second factors" })
  @ApiNoContentResponse()
  @ApiSignedIn('permission_required', 'recent_login_required', 'not_found', 'conflict')
  remove(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.accountFactors.remove(caller, id);
  }
}
