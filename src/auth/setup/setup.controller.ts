import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../common/access/access.decorators.js';
import { sendTranslatedPage } from '../../common/http/page.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { setupPage } from '../../pages/setup.page.js';
import { toUserResponse, UserResponse } from '../../users/user.dto.js';
import { SetupRequest } from './setup.dto.js';
import { SetupService } from './setup.service.js';

@ApiTags('First start')
@Controller('setup')
export class SetupController {
  constructor(private readonly setup: SetupService) {}

  @Get()
  @Public()
  @ApiExcludeEndpoint()
  page(@Res() reply: FastifyReply): void {
    sendTranslatedPage(reply, setupPage);
  }

  /**
   * Makes the first administrator, with the token of the link the server prints while there is
   * none. Works once.
   */
  @Post()
  @Public()
  @HttpCode(201)
  @ApiOperation({ operationId: 'setUp', summary: 'Make the first administrator' })
  @ApiCreatedResponse({ type: UserResponse })
  @ApiProblems(
    'validation_failed',
    'token_invalid',
    'password_rejected',
    'rate_limited',
    'overloaded',
  )
  async setUp(
    @Body() body: SetupRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResponse> {
    const account = await this.setup.setUp(body);
    void reply.header('location', `/users/${account.id}`);
    return toUserResponse(account);
  }
}
