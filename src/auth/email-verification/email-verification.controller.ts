import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
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
import { ApiAlternatives } from '../../openapi/api-alternatives.decorator.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { verifyEmailPage } from '../../pages/verify-email.page.js';
import { AcceptedResponse } from '../registration/registration.dto.js';
import {
  ResendRequest,
  VerifyEmailRequest,
  VerifyEmailResponse,
} from './email-verification.dto.js';
import { EmailVerificationService } from './email-verification.service.js';

@ApiTags('Registration')
@Controller('auth/verify-email')
export class EmailVerificationController {
  constructor(
    private readonly verification: EmailVerificationService,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Confirms an address by the token or the code that was mailed to it. Signs nobody in. The
   * same token again, while the address stands confirmed by it, answers `already_verified`.
   */
  @Post()
  @Public()
  @HttpCode(200)
  @ApiOperation({ operationId: 'verifyEmail', summary: 'Confirm an address' })
  @ApiAlternatives(VerifyEmailRequest, {
    token: { token: 'lk_ot_the-token-from-the-mail' },
    code: { email: 'ada@example.org', code: '123456' },
  })
  @ApiOkResponse({ type: VerifyEmailResponse })
  @ApiProblems('validation_failed', 'token_invalid', 'rate_limited', 'database_busy')
  verify(@Body() body: VerifyEmailRequest): Promise<VerifyEmailResponse> {
    return this.verification.verify(body);
  }

  /** The page the mail links to. The token is behind the `#` and is spent by its button only. */
  @Get()
  @Public()
  @ApiOperation({ operationId: 'verifyEmailPage', summary: 'Page that confirms an address' })
  @ApiProduces('text/html')
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  page(@Res() reply: FastifyReply): void {
    sendTranslatedPage(reply, verifyEmailPage);
  }

  /** Sends the mail again, if the address waits to be confirmed. The answer is always the same. */
  @Post('resend')
  @Public()
  @LimitedBy('mail-requests')
  @HttpCode(202)
  @ApiOperation({ operationId: 'resendVerification', summary: 'Send the confirmation mail again' })
  @ApiAcceptedResponse({ type: AcceptedResponse })
  @ApiProblems('validation_failed', 'rate_limited', 'database_busy')
  async resend(@Body() body: ResendRequest): Promise<AcceptedResponse> {
    await this.outbox.request('verify-email', body.email.trim(), canonicalEmail(body.email)!);
    return { message: 'If this address waits to be confirmed, a mail is on its way.' };
  }
}
