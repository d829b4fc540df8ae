import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../common/access/access.decorators.js';
import { sendTranslatedPage } from '../../common/http/page.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { notMePage } from '../../pages/not-me.page.js';
import { NotMeRequest } from './not-me.dto.js';
import { NotMeService } from './not-me.service.js';

@ApiTags('Sessions')
@Controller('auth/not-me')
export class NotMeController {
  constructor(private readonly notMe: NotMeService) {}

  /**
   * Takes an account back, by the token of a mail that told its owner of something they did not do.
   * Ends every session, API key and other mailed token, removes the second factors that were added
   * since, brings back the address that mail was sent to if the account has another one since, and
   * sends a reset link to it. Works once.
   */
  @Post()
  @Public()
  @HttpCode(204)
  @ApiOperation({ operationId: 'notMe', summary: 'Say that it was somebody else' })
  @ApiNoContentResponse()
  @ApiProblems('validation_failed', 'token_invalid', 'rate_limited', 'database_busy')
  use(@Body() { token }: NotMeRequest): Promise<void> {
    return this.notMe.use(token);
  }

  /** The page the mail links to. The token is behind the `#` and is spent by its button only. */
  @Get()
  @Public()
  @ApiOperation({ operationId: 'notMePage', summary: 'Page that says it was somebody else' })
  @ApiProduces('text/html')
  @ApiOkResponse({ content: { 'text/html': { schema: { type: 'string' } } } })
  page(@Res() reply: FastifyReply): void {
    sendTranslatedPage(reply, notMePage);
  }
}
