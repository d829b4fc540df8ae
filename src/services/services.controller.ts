import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, Permissions } from '../common/access/access.decorators.js';
import type { Principal } from '../common/access/principal.js';
import { RecentSignInGuard } from '../common/access/recent-sign-in.guard.js';
import { List, ListQuery, type Page } from '../common/http/pagination.js';
import { ApiPage } from '../openapi/api-page.decorator.js';
import { ApiSignedIn } from '../openapi/api-problems.decorator.js';
import { RegisteredServiceResponse, RegisterService, ServiceResponse } from './service.dto.js';
import { Services } from './services.service.js';

/** The services that trust this server. */
@ApiTags('Services')
@Controller('services')
export class ServicesController {
  constructor(private readonly services: Services) {}

  /** In the order they were registered. */
  @Get()
  @Permissions('services:read')
  @List()
  @ApiOperation({ operationId: 'listServices', summary: 'List registered services' })
  @ApiPage(ServiceResponse)
  @ApiSignedIn('permission_required', 'validation_failed')
  list(@Query() query: ListQuery): Promise<Page<ServiceResponse>> {
    return this.services.list(query);
  }

  /**
   * From then on access tokens for its audience can be asked for, and it may ask about tokens, end
   * the sessions they belong to, and read which sessions have ended. Needs a sign-in within the last
   * five minutes.
   */
  @Post()
  @Permissions('services:write')
  @UseGuards(RecentSignInGuard)
  @ApiOperation({ operationId: 'registerService', summary: 'Register a service' })
  @ApiCreatedResponse({
    type: RegisteredServiceResponse,
    headers: { Location: { description: 'Path of the service.', schema: { type: 'string' } } },
  })
  @ApiSignedIn(
    'permission_required',
    'recent_login_required',
    'validation_failed',
    'malformed_json',
    'conflict',
    'database_busy',
  )
  async register(
    @CurrentPrincipal() caller: Principal,
    @Body() wanted: RegisterService,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisteredServiceResponse> {
    const service = await this.services.register(caller, wanted);
    void reply.header('location', `/services/${service.id}`);
    return service;
  }

  /**
   * Its secret stops working at once, and no access token is made for its audience any more; those
   * that are out live to their end. Needs a sign-in within the last five minutes.
   */
  @Delete(':id')
  @Permissions('services:write')
  @UseGuards(RecentSignInGuard)
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeService', summary: 'Remove a service' })
  @ApiNoContentResponse({ description: 'The service is gone.' })
  @ApiSignedIn('permission_required', 'recent_login_required', 'not_found', 'database_busy')
  remove(@CurrentPrincipal() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.services.remove(caller, id);
  }
}
