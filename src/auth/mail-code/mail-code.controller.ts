import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../common/access/access.decorators.js';
import { LimitedBy } from '../../common/http/limits/limited-by.decorator.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { OffersCookieMode } from '../session-cookie/offers-cookie-mode.decorator.js';
import { TokenResponse } from '../tokens/token.dto.js';
import { MailCodeRequest, MailCodeResponse, MailCodeVerifyRequest } from './mail-code.dto.js';
import { MailCodeGuard } from './mail-code.guard.js';
import { SIGN_IN_CODE_TTL } from './mail-code.mail.js';
import { MailCodeService } from './mail-code.service.js';

@ApiTags('Sign-in')
@Controller('auth/login/code')
@UseGuards(MailCodeGuard)
export class MailCodeController {
  constructor(private readonly mailCode: MailCodeService) {}

  /**
   * Mails a six-digit code, if the address can sign in. The answer is always the same. Keep the
   * `login_token` of the answer: the code is worth nothing without it. A newer code replaces the
   * older one. 404 unless the operator has set `MAIL_CODE_LOGIN=on`.
   */
  @Post()
  @Public()
  @LimitedBy('mail-requests')
  @HttpCode(202)
  @ApiOperation({ operationId: 'askForLoginCode', summary: 'Ask for a sign-in code' })
  @ApiAcceptedResponse({ type: MailCodeResponse })
  @ApiProblems('validation_failed', 'not_found', 'rate_limited', 'database_busy')
  async ask(@Body() { email }: MailCodeRequest): Promise<MailCodeResponse> {
    return {
      login_token: await this.mailCode.ask(email),
      expires_in: SIGN_IN_CODE_TTL / 1000,
      message: 'If a code can be sent to this address, it is on its way.',
    };
  }

  /**
   * Begins a session by the code that was mailed. It is no second factor: an account with one
   * enrolled is answered `mfa_required`. 404 unless the operator has set `MAIL_CODE_LOGIN=on`.
   */
  @Post('verify')
  @Public()
  @HttpCode(200)
  @OffersCookieMode()
  @ApiOperation({ operationId: 'loginByCode', summary: 'Sign in by a mailed code' })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(
    'token_invalid',
    'mfa_required',
    'account_disabled',
    'not_found',
    'rate_limited',
    'database_busy',
  )
  verify(@Body() body: MailCodeVerifyRequest): Promise<TokenResponse> {
    return this.mailCode.verify(body);
  }
}
