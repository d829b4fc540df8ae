import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  CurrentPrincipal,
  Permissions,
  RecentlySignedIn,
} from '../common/access/access.decorators.js';
import type { Principal } from '../common/access/principal.js';
import { List, ListQuery, type Page } from '../common/http/pagination.js';
import { ApiPage } from '../openapi/api-page.decorator.js';
import { ApiSignedIn } from '../openapi/api-problems.decorator.js';
import { CreateRole, RoleResponse, UpdateRole } from './role.dto.js';
import { RolesService } from './roles.service.js';

/** Roles: named sets of permissions. */
@ApiTags('Roles')
@Controller('roles')
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  /** By name, the built-in ones among them. */
  @Get()
  @Permissions('roles:read')
  @List()
  @ApiOperation({ operationId: 'listRoles', summary: 'List roles' })
  @ApiPage(RoleResponse)
  @ApiSignedIn('permission_required', 'validation_failed')
  list(@Query() query: ListQuery): Promise<Page<RoleResponse>> {
    return this.roles.list(query);
  }

  /**
   * Nobody makes a role with a permission they lack. Needs a sign-in within the last five minutes.
   */
  @Post()
  @RecentlySignedIn('roles:write')
  @ApiOperation({ operationId: 'createRole', summary: 'Make a role' })
  @ApiCreatedResponse({
    type: RoleResponse,
    headers: { Location: { description: 'Path of the role.', schema: { type: 'string' } } },
  })
  @ApiSignedIn(
    'permission_required',
    'recent_login_required',
    'validation_failed',
    'malformed_json',
    'conflict',
    'database_busy',
  )
  async create(
    @CurrentPrincipal() caller: Principal,
    @Body() wanted: CreateRole,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RoleResponse> {
    const role = await this.roles.create(caller, wanted);
    void reply.header('location', `/roles/${role.name}`);
    return role;
  }

  /**
   * In force for everyone who holds the role at their next request. Needs a sign-in within the last
   * five minutes.
   */
  @Patch(':name')
  @RecentlySignedIn('roles:write')
  @ApiOperation({ operationId: 'updateRole', summary: 'Change a role' })
  @ApiOkResponse({ type: RoleResponse })
  @ApiSignedIn(
    'permission_required',
    'recent_login_required',
    'validation_failed',
    'malformed_json',
    'not_found',
    'conflict',
    'database_busy',
  )
  update(
    @CurrentPrincipal() caller: Principal,
    @Param('name') name: string,
    @Body() changes: UpdateRole,
  ): Promise<RoleResponse> {
    return this.roles.change(caller, name, changes);
  }

  /**
   * Takes the role from everyone who holds it, in force at their next request. Needs a sign-in
   * within the last five minutes.
   */
  @Delete(':name')
  @RecentlySignedIn('roles:write')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteRole', summary: 'Delete a role' })
  @ApiNoContentResponse({ description: 'The role is gone.' })
  @ApiSignedIn(
    'permission_required',
    'recent_login_required',
    'not_found',
    'conflict',
    'database_busy',
  )
  delete(@CurrentPrincipal() caller: Principal, @Param('name') name: string): Promise<void> {
    return this.roles.delete(caller, name);
  }
}
