import { Controller, Get, HttpCode, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OptionallySignedIn } from '../../common/access/access.decorators.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { GatewayService } from './gateway.service.js';

/** The answer hangs on each of them, should anybody keep it against `no-store`. */
const VARY = 'Authorization, Cookie, X-API-Key';

@ApiTags('Gateway')
@Controller('auth/gateway')
export class GatewayController {
  constructor(private readonly gateway: GatewayService) {}

  /**
   * For the `auth_request` of nginx, `forward_auth` of Caddy, ForwardAuth of Traefik and ext_authz of
   * Envoy: pass the request's head on to here, and let it through when the answer is 204. The header
   * fields `X-Auth-User` (id), `X-Auth-Email`, `X-Auth-Roles` (by commas), `X-Auth-Scope` (permissions,
   * by spaces) and `X-Auth-Scheme` (`Bearer`, `Basic`, `ApiKey` or `Cookie`) say who it is from;
   * whatever is not ASCII in them is percent-encoded. A gateway must remove these fields from what
   * clients send.
   */
  @Get()
  @OptionallySignedIn()
  @HttpCode(204)
  @RouteConfig({ atOnce: true })
  @ApiOperation({ operationId: 'gateway', summary: 'Who a request is from' })
  @ApiQuery({
    name: 'role',
    required: false,
    schema: { type: 'string', maxLength: 64 },
  })
  @ApiQuery({
    name: 'permission',
    required: false,
    schema: { type: 'string', maxLength: 64 },
  })
  @ApiBearerAuth('Bearer')
  @ApiBasicAuth('Basic')
  @ApiNoContentResponse({ description: 'It may pass; the header fields say who it is from.' })
  @ApiSignedIn('validation_failed', 'role_required', 'permission_required', 'origin_not_allowed')
  identify(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void | Promise<void> {
    void reply.header('vary', VARY).header('cache-control', 'no-store');
    const identity = this.gateway.identify(request, reply);
    if (identity instanceof Promise) return identity.then((fields) => void reply.headers(fields));
    void reply.headers(identity);
  }
}
