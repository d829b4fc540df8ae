import { Body, Controller, Get, Header, Patch, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentPrincipal, DuringEnrolment, SignedIn } from '../common/access/access.decorators.js';
import type { Principal } from '../common/access/principal.js';
import { ApiSignedIn } from '../openapi/api-problems.decorator.js';
import { toUserResponse, UpdateMe, UserResponse } from './user.dto.js';
import { UsersService } from './users.service.js';

/** The caller's own account. */
@ApiTags('Users')
@Controller('users/me')
export class MeController {
  constructor(private readonly users: UsersService) {}

  /** As everyone who may read accounts sees it. */
  @Get()
  @SignedIn()
  @DuringEnrolment()
  @ApiOperation({ operationId: 'getMe', summary: 'Read the own account' })
  @ApiOkResponse({ type: UserResponse })
  @ApiSignedIn()
  @RouteConfig({ atOnce: true })
  @Header('content-type', 'application/json; charset=utf-8')
  // Not @CurrentPrincipal: Nest would send it through the pipes, by half a dozen promises.
  get(@Req() { principal }: FastifyRequest): string | Promise<string> {
    return this.users.serialized(principal!.userId);
  }

  /** What is left out stays as it is. */
  @Patch()
  @SignedIn()
  @ApiOperation({ operationId: 'updateMe', summary: 'Change the own name or language' })
  @ApiOkResponse({ type: UserResponse })
  @ApiSignedIn('validation_failed', 'malformed_json', 'database_busy')
  async update(
    @CurrentPrincipal() caller: Principal,
    @Body() changes: UpdateMe,
  ): Promise<UserResponse> {
    return toUserResponse(await this.users.updateProfile(caller.userId, caller.userId, changes));
  }
}
