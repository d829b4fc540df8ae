import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  CurrentPrincipal,
  RecentlySignedIn,
  SignedIn,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { List, ListQuery, type Page } from '../../common/http/pagination.js';
import { ApiPage } from '../../openapi/api-page.decorator.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { ApiKeyResponse, CreateApiKey, CreatedApiKey } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';

const PATH = 'auth/api-keys';

/** What scripts come in with: keys that do as much as they were made for, and can be ended alone. */
@ApiTags('API keys')
@Controller(PATH)
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  /** The own keys that stand, oldest first, without their secrets. */
  @Get()
  @SignedIn()
  @List()
  @ApiOperation({ operationId: 'listApiKeys', summary: 'List own API keys' })
  @ApiPage(ApiKeyResponse)
  @ApiSignedIn('validation_failed')
  list(
    @CurrentPrincipal() caller: Principal,
    @Query() query: ListQuery,
  ): Promise<Page<ApiKeyResponse>> {
    return this.apiKeys.list(caller.userId, query);
  }

  /**
   * Makes a key that speaks for the caller, with no more permissions than named and never more than
   * the caller holds at the moment of use. The answer shows it once. The owner is told by mail. A
   * key cannot make keys. At most 50 stand at a time.
   */
  @Post()
  @RecentlySignedIn()
  @ApiOperation({ operationId: 'createApiKey', summary: 'Make an API key' })
  @ApiCreatedResponse({ type: CreatedApiKey })
  @ApiSignedIn(
    'validation_failed',
    'malformed_json',
    'permission_required',
    'recent_login_required',
    'conflict',
  )
  async create(
    @CurrentPrincipal() caller: Principal,
    @Body() wanted: CreateApiKey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedApiKey> {
    const created = await this.apiKeys.create(caller, wanted);
    void reply.header('location', `/${PATH}/${created.id}`);
    return created;
  }

  /** In force at its next request. A key may end itself, and no other. */
  @Delete(':id')
  @SignedIn()
  @HttpCode(204)
  @ApiOperation({ operationId: 'endApiKey', summary: 'End one own API key' })
  @ApiNoContentResponse()
  @ApiSignedIn('not_found', 'recent_login_required')
  end(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.apiKeys.end(caller, id);
  }
}
