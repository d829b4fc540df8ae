import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentPrincipal,
  DuringEnrolment,
  Public,
  RecentlySignedIn,
  SignedIn,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { ApiAlternatives } from '../../openapi/api-alternatives.decorator.js';
import { ApiProblems, ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { OffersCookieMode } from '../session-cookie/offers-cookie-mode.decorator.js';
import { TokenResponse } from '../tokens/token.dto.js';
import {
  ConfirmTotpRequest,
  ConfirmTotpResponse,
  MfaState,
  RecoveryCodesResponse,
  RemoveTotpRequest,
  TotpEnrolment,
  VerifyMfaRequest,
} from './mfa.dto.js';
import { OwnFactorsService } from './own-factors.service.js';
import { TotpService } from './totp.service.js';
import { typedFactor } from './typed-factor.js';
import { VerificationService } from './verification.service.js';

const CODE = '123456';
const RECOVERY_CODE = '7G4K-9QWD-2MZX-P0RT-B8VN-5HCA';

/** What is proved beside a password. */
@ApiTags('Second factor')
@Controller('auth/mfa')
export class MfaController {
  constructor(
    private readonly ownFactors: OwnFactorsService,
    private readonly totp: TotpService,
    private readonly verification: VerificationService,
  ) {}

  /** Which second factors the own account has, and whether it needs one. */
  @Get()
  @SignedIn()
  @DuringEnrolment()
  @ApiOperation({ operationId: 'getMfa', summary: 'Read own second factors' })
  @ApiOkResponse({ type: MfaState })
  @ApiSignedIn()
  state(@CurrentPrincipal() caller: Principal): Promise<MfaState> {
    return this.ownFactors.state(caller);
  }

  /**
   * Shows the seed for an authenticator app, as text and as a QR code. It counts once a code of it
   * was sent to `/auth/mfa/totp/confirm`, within a quarter of an hour. Beginning again makes another
   * seed. Needs a sign-in within the last five minutes.
   */
  @Post('totp')
  @RecentlySignedIn()
  @DuringEnrolment()
  @HttpCode(200)
  @ApiOperation({ operationId: 'beginTotp', summary: 'Begin to add an authenticator app' })
  @ApiOkResponse({ type: TotpEnrolment })
  @ApiSignedIn('recent_login_required', 'conflict')
  beginTotp(@CurrentPrincipal() caller: Principal): Promise<TotpEnrolment> {
    return this.totp.begin(caller);
  }

  /**
   * Lets the app count from now on. With the first second factor of an account come ten recovery
   * codes. All other sessions end; the one of this request goes on. The owner is told by mail. Needs
   * a sign-in within the last five minutes.
   */
  @Post('totp/confirm')
  @RecentlySignedIn()
  @DuringEnrolment()
  @HttpCode(200)
  @ApiOperation({ operationId: 'confirmTotp', summary: 'Confirm the authenticator app' })
  @ApiOkResponse({ type: ConfirmTotpResponse })
  @ApiSignedIn('validation_failed', 'mfa_code_invalid', 'recent_login_required', 'conflict')
  async confirmTotp(
    @CurrentPrincipal() caller: Principal,
    @Body() { code }: ConfirmTotpRequest,
  ): Promise<ConfirmTotpResponse> {
    const recoveryCodes = await this.totp.confirm(caller, code);
    return recoveryCodes ? { recoveryCodes } : {};
  }

  /**
   * Removes the authenticator app. Takes the password, and a code of the app or a recovery code: who
   * has neither asks an administrator. All other sessions end. The owner is told by mail. Needs a
   * sign-in within the last five minutes.
   */
  @Delete('totp')
  @RecentlySignedIn()
  @DuringEnrolment()
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeTotp', summary: 'Remove the authenticator app' })
  @ApiAlternatives(RemoveTotpRequest, {
    code: { currentPassword: 'correct horse battery staple', code: CODE },
    'recovery code': {
      currentPassword: 'correct horse battery staple',
      recoveryCode: RECOVERY_CODE,
    },
  })
  @ApiNoContentResponse()
  @ApiSignedIn(
    'validation_failed',
    'current_password_wrong',
    'mfa_code_invalid',
    'recent_login_required',
    'not_found',
  )
  removeTotp(
    @CurrentPrincipal() caller: Principal,
    @Body() { currentPassword, code, recoveryCode }: RemoveTotpRequest,
  ): Promise<void> {
    const typed = typedFactor(code, recoveryCode, 'recoveryCode');
    return this.totp.remove(caller, currentPassword, typed);
  }

  /**
   * Makes ten new recovery codes; the old ones no longer work. They are shown this once. The owner
   * is told by mail. Needs a sign-in within the last five minutes.
   */
  @Post('recovery-codes')
  @RecentlySignedIn()
  @HttpCode(200)
  @ApiOperation({ operationId: 'renewRecoveryCodes', summary: 'Make new recovery codes' })
  @ApiOkResponse({ type: RecoveryCodesResponse })
  @ApiSignedIn('recent_login_required', 'conflict')
  async renewRecoveryCodes(@CurrentPrincipal() caller: Principal): Promise<RecoveryCodesResponse> {
    return { recoveryCodes: await this.ownFactors.renewRecoveryCodes(caller) };
  }

  /**
   * The second half of a sign-in that was answered with `mfa_required`, by a code of the app or a
   * recovery code. A code works once; the answer to a used one is the same as to a wrong one. After
   * five wrong ones the sign-in begins again, and ten wrong ones within a quarter of an hour are all
   * that are looked at for one account. A choice of `audience` or `scope` is repeated here.
   */
  @Post('verify')
  @Public()
  @HttpCode(200)
  @OffersCookieMode()
  @ApiOperation({ operationId: 'verifyMfa', summary: 'Sign in, second half' })
  @ApiAlternatives(VerifyMfaRequest, {
    code: { mfa_token: 'lk_mfa_…', code: CODE },
    'recovery code': { mfa_token: 'lk_mfa_…', recovery_code: RECOVERY_CODE },
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(
    'token_invalid',
    'invalid_credentials',
    'mfa_code_invalid',
    'email_not_verified',
    'account_disabled',
    'rate_limited',
  )
  verify(@Body() body: VerifyMfaRequest): Promise<TokenResponse> {
    return this.verification.verify(body);
  }
}
