import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../common/access/access.decorators.js';
import { ApiAlternatives } from '../../openapi/api-alternatives.decorator.js';
import { ApiProblems } from '../../openapi/api-problems.decorator.js';
import { OffersCookieMode } from '../session-cookie/offers-cookie-mode.decorator.js';
import { TokenResponse } from '../tokens/token.dto.js';
import { LoginRequest } from './login.dto.js';
import { LoginService } from './login.service.js';

@ApiTags('Sign-in')
@Controller('auth/login')
export class LoginController {
  constructor(private readonly login: LoginService) {}

  /**
   * Begins a session. Send address and password as JSON, or as `Authorization: Basic` with an
   * empty body. The answer to a wrong password and to an unknown address is the same. `audience` and
   * `scope` say what the access token is good for.
   */
  @Post()
  @Public()
  @HttpCode(200)
  @OffersCookieMode()
  @ApiOperation({ operationId: 'login', summary: 'Sign in' })
  @ApiBasicAuth('Basic')
  @ApiAlternatives(
    LoginRequest,
    {
      JSON: { email: 'ada@example.org', password: 'correct horse battery staple' },
      Basic: {},
    },
    { required: false },
  )
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems(
    'invalid_credentials',
    'token_malformed',
    'email_not_verified',
    'account_disabled',
    'mfa_required',
    'rate_limited',
    'overloaded',
  )
  signIn(@Body() body: LoginRequest, @Req() request: FastifyRequest): Promise<TokenResponse> {
    return this.login.login(body, request.headers.authorization);
  }
}
