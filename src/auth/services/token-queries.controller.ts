import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ForServices } from '../../common/access/access.decorators.js';
import type { CallingService } from '../../common/access/principal.js';
import { ApiServiceSignedIn } from '../../openapi/api-problems.decorator.js';
import { CurrentService } from './current-service.decorator.js';
import { IntrospectionService } from './introspection.service.js';
import { RevocationService } from './revocation.service.js';
import { IntrospectionResponse, TokenQuery } from './token-query.dto.js';

/** What registered services ask about the tokens they are shown. */
@ApiTags('Services')
@Controller('auth')
export class TokenQueriesController {
  constructor(
    private readonly introspection: IntrospectionService,
    private readonly revocation: RevocationService,
  ) {}

  /**
   * What an access token or an API key is worth at this moment: permissions and roles are those the
   * person has now. A token that is unknown, expired, of an ended session, or made for another service
   * is `{"active": false}`, and so is a key that is bound to networks.
   */
  @Post('introspect')
  @ForServices()
  @HttpCode(200)
  @RouteConfig({ form: true })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({ operationId: 'introspect', summary: 'Ask about a token (RFC 7662)' })
  @ApiOkResponse({ type: IntrospectionResponse })
  @ApiServiceSignedIn('validation_failed')
  introspect(
    @CurrentService() service: CallingService,
    @Body() { token }: TokenQuery,
  ): Promise<IntrospectionResponse> {
    return this.introspection.introspect(service, token);
  }

  /**
   * Ends the session that an access token for this service, or a refresh token, belongs to. The
   * answer is the same for a token that is unknown or made for another service, and nothing ends.
   */
  @Post('revoke')
  @ForServices()
  @HttpCode(200)
  @RouteConfig({ form: true })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({ operationId: 'revoke', summary: 'End the session of a token (RFC 7009)' })
  @ApiOkResponse({ description: 'The token is not good for anything now.' })
  @ApiServiceSignedIn('validation_failed', 'database_busy')
  revoke(@CurrentService() service: CallingService, @Body() { token }: TokenQuery): Promise<void> {
    return this.revocation.revoke(service, token);
  }
}
