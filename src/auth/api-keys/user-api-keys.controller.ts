import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  CurrentPrincipal,
  Permissions,
  RecentlySignedIn,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { List, ListQuery, type Page } from '../../common/http/pagination.js';
import { ApiPage } from '../../openapi/api-page.decorator.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { ApiKeyResponse, CreateApiKey, CreatedApiKey } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';

/** The keys of others, for administrators. */
@ApiTags('API keys')
@Controller('users/:id/api-keys')
export class UserApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  /** The account's keys that stand, oldest first, without their secrets. */
  @Get()
  @Permissions('users:write')
  @List()
  @ApiOperation({ operationId: 'listUserApiKeys', summary: "List an account's API keys" })
  @ApiPage(ApiKeyResponse)
  @ApiSignedIn('permission_required', 'validation_failed', 'not_found')
  list(@Param('id') id: string, @Query() query: ListQuery): Promise<Page<ApiKeyResponse>> {
    return this.apiKeys.listOf(id, query);
  }

  /**
   * Makes a key for a service account, with no more permissions than it holds. The answer shows it
   * once. People make their keys themselves. Needs a sign-in within the last five minutes.
   */
  @Post()
  @RecentlySignedIn('users:write')
  @ApiOperation({ operationId: 'createServiceApiKey', summary: 'Make a service account a key' })
  @ApiCreatedResponse({ type: CreatedApiKey })
  @ApiSignedIn(
    'permission_required',
    'validation_failed',
    'malformed_json',
    'recent_login_required',
    'not_found',
    'conflict',
  )
  async create(
    @CurrentPrincipal() caller: Principal,
    @Param('id') id: string,
    @Body() wanted: CreateApiKey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedApiKey> {
    const created = await this.apiKeys.createFor(caller, id, wanted);
    void reply.header('location', `/users/${id}/api-keys/${created.id}`);
    return created;
  }

  /** In force at its next request. */
  @Delete(':keyId')
  @Permissions('users:write')
  @HttpCode(204)
  @ApiOperation({ operationId: 'endUserApiKey', summary: "End one of an account's API keys" })
  @ApiNoContentResponse()
  @ApiSignedIn('permission_required', 'not_found')
  end(
    @CurrentPrincipal() caller: Principal,
    @Param('id') id: string,
    @Param('keyId') keyId: string,
  ): Promise<void> {
    return this.apiKeys.endOf(caller, id, keyId);
  }
}
