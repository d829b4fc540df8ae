import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentPrincipal,
  DuringEnrolment,
  SignedInPerson,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { ChangePasswordRequest } from './password-change.dto.js';
import { PasswordChangeService } from './password-change.service.js';

@ApiTags('Passwords')
@Controller('auth/password/change')
export class PasswordChangeController {
  constructor(private readonly passwordChange: PasswordChangeService) {}

  /**
   * Changes the own password. All other sessions end; the one of this request goes on. Every link
   * that was mailed before stops working, and the owner is told by mail.
   */
  @Post()
  @SignedInPerson()
  @DuringEnrolment()
  @HttpCode(204)
  @ApiOperation({ operationId: 'changePassword', summary: 'Change the own password' })
  @ApiNoContentResponse()
  @ApiSignedIn(
    'validation_failed',
    'current_password_wrong',
    'password_rejected',
    'recent_login_required',
    'conflict',
  )
  change(
    @CurrentPrincipal() caller: Principal,
    @Body() { currentPassword, newPassword }: ChangePasswordRequest,
  ): Promise<void> {
    return this.passwordChange.change(caller, currentPassword, newPassword);
  }
}
