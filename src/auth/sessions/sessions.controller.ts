import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import {
  CurrentPrincipal,
  DuringEnrolment,
  OptionallySignedIn,
  Public,
  SignedIn,
  SignedInPerson,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { List, ListQuery, type Page } from '../../common/http/pagination.js';
import { ApiPage } from '../../openapi/api-page.decorator.js';
import { ApiProblems, ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { LogoutRequest, RefreshRequest } from '../login/login.dto.js';
import { ApiRequestedWith } from '../session-cookie/offers-cookie-mode.decorator.js';
import { TokenResponse } from '../tokens/token.dto.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { EndSessionsQuery, SessionResponse } from './session.dto.js';

@ApiTags('Sessions')
@Controller('auth')
export class SessionsController {
  constructor(private readonly ownSessions: OwnSessionsService) {}

  /**
   * Exchanges a refresh token for new tokens. The same token sent again within a few seconds gets
   * the same successor; later it ends the session, because then two parties hold it. `audience` and
   * `scope` say what the access token is good for; without them it is for this server, whatever was
   * asked for before. Without a token in the body, the session cookie is refreshed, if there is an
   * `X-Requested-With`.
   */
  @Post('refresh')
  @Public()
  @HttpCode(200)
  @ApiOperation({ operationId: 'refresh', summary: 'Get new tokens' })
  @ApiBody({
    type: RefreshRequest,
    required: false,
    examples: {
      'a refresh token': { value: { refresh_token: 'lk_rt_…' } },
      'of the session cookie': { value: {} },
    },
  })
  @ApiRequestedWith()
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(
    'validation_failed',
    'origin_not_allowed',
    'token_missing',
    'refresh_token_invalid',
    'refresh_token_expired',
    'refresh_token_reused',
    'session_ended',
    'rate_limited',
    'database_busy',
  )
  refresh(@Body() body: RefreshRequest, @Req() request: FastifyRequest): Promise<TokenResponse> {
    return this.ownSessions.refresh(body, request);
  }

  /**
   * Ends the session of the access token, of the session cookie (with `X-Requested-With`), or the
   * one a refresh token in the body belongs to. Repeating it does no harm. A request signed in by
   * Basic or an API key has no session: nothing ends.
   */
  @Post('logout')
  @OptionallySignedIn()
  @DuringEnrolment()
  @HttpCode(204)
  @ApiOperation({ operationId: 'logout', summary: 'Sign out' })
  @ApiBody({
    type: LogoutRequest,
    required: false,
    examples: {
      'of the access token': { value: {} },
      'of a refresh token': { value: { refresh_token: 'lk_rt_…' } },
    },
  })
  @ApiRequestedWith()
  @ApiNoContentResponse()
  @ApiSignedIn('validation_failed', 'refresh_token_invalid', 'origin_not_allowed')
  logout(@Body() body: LogoutRequest, @Req() request: FastifyRequest): Promise<void> {
    return this.ownSessions.logout(body.refresh_token, request);
  }

  /** The own sessions that stand, oldest first. */
  @Get('sessions')
  @SignedIn()
  @DuringEnrolment()
  @List()
  @ApiOperation({ operationId: 'listSessions', summary: 'List own sessions' })
  @ApiPage(SessionResponse)
  @ApiSignedIn('validation_failed')
  list(
    @CurrentPrincipal() principal: Principal,
    @Query() query: ListQuery,
  ): Promise<Page<SessionResponse>> {
    return this.ownSessions.list(principal, query);
  }

  /** Ends one of the own sessions; in force at its next request. */
  @Delete('sessions/:id')
  @SignedInPerson()
  @DuringEnrolment()
  @HttpCode(204)
  @ApiOperation({ operationId: 'endSession', summary: 'End one own session' })
  @ApiNoContentResponse()
  @ApiSignedIn('not_found', 'recent_login_required')
  end(@CurrentPrincipal() principal: Principal, @Param('id') id: string): Promise<void> {
    return this.ownSessions.end(principal, id);
  }

  /** Ends all own sessions, or all others. */
  @Delete('sessions')
  @SignedInPerson()
  @DuringEnrolment()
  @HttpCode(204)
  @ApiOperation({ operationId: 'endSessions', summary: 'End all own sessions' })
  @ApiNoContentResponse()
  @ApiSignedIn('validation_failed', 'recent_login_required')
  endAll(
    @CurrentPrincipal() principal: Principal,
    @Query() query: EndSessionsQuery,
  ): Promise<void> {
    return this.ownSessions.endAll(principal, query.keepCurrent === true);
  }
}
