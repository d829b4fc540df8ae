import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentPrincipal,
  Permissions,
  RecentlySignedIn,
} from '../common/access/access.decorators.js';
import type { Principal } from '../common/access/principal.js';
import { List, type Page } from '../common/http/pagination.js';
import { ApiPage } from '../openapi/api-page.decorator.js';
import { ApiSignedIn } from '../openapi/api-problems.decorator.js';
import { RolesService } from './roles.service.js';
import { AssignRoles, ListUsersQuery, toUserResponse, UserResponse } from './user.dto.js';
import { UsersService } from './users.service.js';

/** Accounts as administrators see them, and the roles they hold. */
@ApiTags('Users')
@Controller('users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly roles: RolesService,
  ) {}

  /** In the order the accounts were made. */
  @Get()
  @Permissions('users:read')
  @List()
  @ApiOperation({ operationId: 'listUsers', summary: 'List and search accounts' })
  @ApiPage(UserResponse)
  @ApiSignedIn('permission_required', 'validation_failed')
  async list(@Query() query: ListUsersQuery): Promise<Page<UserResponse>> {
    const page = await this.users.list(query);
    return { ...page, items: page.items.map(toUserResponse) };
  }

  /** Also an account that is disabled or not confirmed. */
  @Get(':id')
  @Permissions('users:read')
  @ApiOperation({ operationId: 'getUser', summary: 'Read an account' })
  @ApiOkResponse({ type: UserResponse })
  @ApiSignedIn('permission_required', 'not_found')
  async get(@Param('id') id: string): Promise<UserResponse> {
    return toUserResponse(await this.users.get(id));
  }

  /**
   * Gives the account exactly these roles, in force at its next request, also for tokens already
   * out. Nobody gives or takes a role that holds a permission they lack, and the last
   * administrator stays one. Needs a sign-in within the last five minutes.
   */
  @Put(':id/roles')
  @RecentlySignedIn('roles:assign')
  @ApiOperation({ operationId: 'assignRoles', summary: "Set an account's roles" })
  @ApiOkResponse({ type: UserResponse })
  @ApiSignedIn(
    'permission_required',
    'recent_login_required',
    'validation_failed',
    'malformed_json',
    'not_found',
    'conflict',
    'last_administrator',
    'database_busy',
  )
  async assignRoles(
    @CurrentPrincipal() caller: Principal,
    @Param('id') id: string,
    @Body() { roles }: AssignRoles,
  ): Promise<UserResponse> {
    return toUserResponse(await this.roles.assign(caller, id, roles));
  }
}
