import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentPrincipal,
  DuringEnrolment,
  SignedIn,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { ReauthenticateRequest, ReauthenticateResponse } from './reauthentication.dto.js';
import { ReauthenticationService } from './reauthentication.service.js';

@ApiTags('Sign-in')
@Controller('auth/reauthenticate')
export class ReauthenticationController {
  constructor(private readonly reauthentication: ReauthenticationService) {}

  /**
   * Proves again who one is, for the routes that need a sign-in within the last five minutes; the
   * session goes on, and so do its tokens. Takes the password, and a code of the authenticator app
   * when the account has a second factor; or a passkey alone. A wrong password counts as a failed sign-in. A request
   * signed in by Basic brings its password along and needs none of this.
   */
  @Post()
  @SignedIn()
  @DuringEnrolment()
  @HttpCode(200)
  @ApiOperation({ operationId: 'reauthenticate', summary: 'Prove again who one is' })
  @ApiOkResponse({ type: ReauthenticateResponse })
  @ApiSignedIn(
    'validation_failed',
    'current_password_wrong',
    'mfa_code_invalid',
    'passkey_invalid',
    'recent_login_required',
  )
  reauthenticate(
    @CurrentPrincipal() caller: Principal,
    @Body() body: ReauthenticateRequest,
  ): Promise<ReauthenticateResponse> {
    return this.reauthentication.prove(caller, body);
  }
}
