import { Body, Controller, Delete, Get, Header, HttpCode } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RecentlySignedIn } from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { AccountExporter } from './account-export.js';
import { AccountExport, DeleteOwnAccountRequest } from './own-account.dto.js';
import { FarewellService } from './farewell.service.js';

/** What people may ask of whoever keeps data about them. */
@ApiTags('Users')
@Controller('users/me')
export class OwnAccountController {
  constructor(
    private readonly exporter: AccountExporter,
    private readonly farewell: FarewellService,
  ) {}

  /**
   * Everything held about the own account, as a file. Hashes and other secrets are left out. Needs
   * a sign-in within the last five minutes.
   */
  @Get('export')
  @RecentlySignedIn()
  @Header('content-disposition', 'attachment; filename="latchkey-account.json"')
  @ApiOperation({ operationId: 'exportMe', summary: 'Export the own account' })
  @ApiOkResponse({ type: AccountExport })
  @ApiSignedIn('recent_login_required')
  export(@CurrentPrincipal() caller: Principal): Promise<AccountExport> {
    return this.exporter.export(caller.userId);
  }

  /**
   * Deletes the own account for good: every sign-in ends, and nothing that names the person stays.
   * The last administrator cannot leave. Needs a sign-in within the last five minutes.
   */
  @Delete()
  @RecentlySignedIn()
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteMe', summary: 'Delete the own account' })
  @ApiNoContentResponse()
  @ApiSignedIn(
    'validation_failed',
    'current_password_wrong',
    'recent_login_required',
    'last_administrator',
    'conflict',
  )
  delete(
    @CurrentPrincipal() caller: Principal,
    @Body() { currentPassword }: DeleteOwnAccountRequest,
  ): Promise<void> {
    return this.farewell.delete(caller, currentPassword);
  }
}
