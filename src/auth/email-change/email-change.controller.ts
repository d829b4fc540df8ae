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
import {
  CurrentPrincipal,
  Public,
  RecentlySignedIn,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { sendTranslatedPage } from '../../common/http/page.js';
import { ApiProblems, ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { cancelEmailChangePage, confirmEmailChangePage } from '../../pages/email-change.pages.js';
import { AcceptedResponse } from '../registration/registration.dto.js';
import {
  CancelEmailChangeRequest,
  ChangeEmailRequest,
  ConfirmEmailChangeRequest,
  ConfirmEmailChangeResponse,
} from './email-change.dto.js';
import { EmailChangeService } from './email-change.service.js';

@ApiTags('Address')
@Controller('auth/email')
export class EmailChangeController {
  constructor(private readonly emailChange: EmailChangeService) {}

  /**
   * Asks for another address. Nothing changes until somebody who reads the new box confirms. The
   * present address is told, and can cancel. The answer is the same for an address that has an
   * account; its owner is told by mail. Needs a sign-in within the last five minutes.
   */
  @Post('change')
  @RecentlySignedIn()
  @HttpCode(202)
  @ApiOperation({ operationId: 'changeEmail', summary: 'Ask for another address' })
  @ApiAcceptedResponse({ type: AcceptedResponse })
  @ApiSignedIn(
    'validation_failed',
    'current_password_wrong',
    'recent_login_required',
    'conflict',
    'mail_cooldown',
  )
  async change(
    @CurrentPrincipal() caller: Principal,
    @Body() { newEmail, currentPassword }: ChangeEmailRequest,
  ): Promise<AcceptedResponse> {
    await this.emailChange.ask(caller, newEmail, currentPassword);
    return { message: 'If this address can be used, a mail is on its way to it.' };
  }

  /**
   * Changes the address by the token that was mailed to the new one. Every other session ends, and
   * every link that was mailed before stops working. Signs nobody in.
   */
  @Post('confirm')
  @Public()
  @HttpCode(200)
  @ApiOperation({ operationId: 'confirmEmailChange', summary: 'Confirm the new address' })
  @ApiOkResponse({ type: ConfirmEmailChangeResponse })
  @ApiProblems('validation_failed', 'token_invalid', 'rate_limited', 'database_busy')
  async confirm(@Body() { token }: ConfirmEmailChangeRequest): Promise<ConfirmEmailChangeResponse> {
    await this.emailChange.confirm(token);
    return { status: 'changed' };
  }

  /** The page the mail links to. The token is behind the `#` and is spent by its button only. */
  @Get('confirm')
  @Public()
  @ApiOperation({
    operationId: 'confirmEmailChangePage',
    summary: 'Page that confirms the new address',
  })
  @ApiProduces('text/html')
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  confirmPage(@Res() reply: FastifyReply): void {
    sendTranslatedPage(reply, confirmEmailChangePage);
  }

  /** Stops a change that was asked for, by the token that was mailed to the present address. */
  @Post('cancel')
  @Public()
  @HttpCode(204)
  @ApiOperation({ operationId: 'cancelEmailChange', summary: 'Cancel a change of address' })
  @ApiNoContentResponse()
  @ApiProblems('validation_failed', 'token_invalid', 'rate_limited', 'database_busy')
  cancel(@Body() { token }: CancelEmailChangeRequest): Promise<void> {
    return this.emailChange.cancel(token);
  }

  /** The page the mail links to. The token is behind the `#` and is spent by its button only. */
  @Get('cancel')
  @Public()
  @ApiOperation({
    operationId: 'cancelEmailChangePage',
    summary: 'Page that cancels a change of address',
  })
  @ApiProduces('text/html')
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  cancelPage(@Res() reply: FastifyReply): void {
    sendTranslatedPage(reply, cancelEmailChangePage);
  }
}
