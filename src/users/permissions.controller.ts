import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permissions } from '../common/access/access.decorators.js';
import { List, ListQuery, type Page, Pagination } from '../common/http/pagination.js';
import { ApiPage } from '../openapi/api-page.decorator.js';
import { ApiSignedIn } from '../openapi/api-problems.decorator.js';
import { PERMISSIONS } from './permissions.js';
import { PermissionResponse } from './role.dto.js';

const SORTED: PermissionResponse[] = Object.entries(PERMISSIONS)
  .map(([name, description]) => ({ name, description }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** What roles are made of. */
@ApiTags('Roles')
@Controller('permissions')
export class PermissionsController {
  constructor(private readonly pagination: Pagination) {}

  /** By name. What they allow is fixed; roles put them together. */
  @Get()
  @Permissions('roles:read')
  @List()
  @ApiOperation({ operationId: 'listPermissions', summary: 'List every permission there is' })
  @ApiPage(PermissionResponse)
  @ApiSignedIn('permission_required', 'validation_failed')
  list(@Query() query: ListQuery): Promise<Page<PermissionResponse>> {
    return this.pagination.page(query, {
      list: 'permissions',
      rows: (after = '', take) => SORTED.filter(({ name }) => name > after).slice(0, take),
      keyOf: ({ name }) => name,
      total: () => SORTED.length,
    });
  }
}
