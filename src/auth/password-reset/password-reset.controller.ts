import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../common/access/access.decorators.js';
import { canonicalEmail } from '../../common/email-address.js';
import { LimitedBy } from '../../common/http/limits/limited-by.decorator.js';
import { sendTranslatedPage } from '../../common/http/page.js';
import { Outbox } from '../../mail/outbox/outbox.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { setPasswordPage } from '../../pages/set-password.page.js';
import { AcceptedResponse } from '../registration/registration.dto.js';
import { ForgotPasswordRequest, ResetPasswordRequest } from './password-reset.dto.js';
import { PasswordResetService } from './password-reset.service.js';

@ApiTags('Passwords')
@Controller('auth/password')
export class PasswordResetController {
  constructor(
    private readonly passwordReset: PasswordResetService,
    private readonly outbox: Outbox,
  ) {}

  /** Mails a link to set a new password, if the address is known. The answer is always the same. */
  @Post('forgot')
  @Public()
  @LimitedBy('mail-requests')
  @HttpCode(202)
  @ApiOperation({ operationId: 'forgotPassword', summary: 'Ask for a reset link' })
  @ApiAcceptedResponse({ type: AcceptedResponse })
  @ApiProblems('validation_failed', 'rate_limited', 'database_busy')
  async forgot(@Body() body: ForgotPasswordRequest): Promise<AcceptedResponse> {
    await this.outbox.request('reset-password', body.email.trim(), canonicalEmail(body.email)!);
    return { message: 'If this address has an account, a mail is on its way.' };
  }

  /** The page the mail links to. The token is behind the `#` and is spent by its button only. */
  @Get('reset')
  @Public()
  @ApiOperation({ operationId: 'resetPasswordPage', summary: 'Page that sets a password' })
  @ApiProduces('text/html')
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  page(@Res() reply: FastifyReply): void {
    sendTranslatedPage(reply, setPasswordPage);
  }

  /**
   * Sets a password by the token of a reset link or an invitation. Ends every session and signs
   * nobody in. A refused password does not spend the token.
   */
  @Post('reset')
  @Public()
  @HttpCode(204)
  @ApiOperation({ operationId: 'resetPassword', summary: 'Set a password by mail token' })
  @ApiNoContentResponse()
  @ApiProblems(
    'validation_failed',
    'token_invalid',
    'password_rejected',
    'rate_limited',
    'overloaded',
    'database_busy',
  )
  reset(@Body() body: ResetPasswordRequest): Promise<void> {
    return this.passwordReset.reset(body.token, body.password);
  }
}
