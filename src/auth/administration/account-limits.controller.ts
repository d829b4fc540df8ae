import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Permissions } from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { AccountLimitsResponse } from './account-limits.dto.js';
import { AccountLimitsService } from './account-limits.service.js';

@ApiTags('Users')
@Controller('users/:id/limits')
export class AccountLimitsController {
  constructor(private readonly limits: AccountLimitsService) {}

  /** What wrong passwords and codes have been counted for the account, in windows that still run. */
  @Get()
  @Permissions('users:read')
  @ApiOperation({ operationId: 'listUserLimits', summary: 'What slows down sign-in to an account' })
  @ApiOkResponse({ type: AccountLimitsResponse })
  @ApiSignedIn('permission_required', 'not_found')
  list(@Param('id') id: string): Promise<AccountLimitsResponse> {
    return this.limits.list(id);
  }

  /**
   * Counting begins anew at once, everywhere: the person can sign in, and whoever guessed can guess
   * as often again. Limits of networks stay.
   */
  @Delete()
  @Permissions('users:write')
  @HttpCode(204)
  @ApiOperation({ operationId: 'liftUserLimits', summary: 'Lift the limits on an account' })
  @ApiNoContentResponse()
  @ApiSignedIn('permission_required', 'not_found')
  lift(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.limits.lift(caller, id);
  }
}
