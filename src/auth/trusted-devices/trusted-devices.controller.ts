import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentPrincipal,
  SignedIn,
  SignedInPerson,
} from '../../common/access/access.decorators.js';
import type { Principal } from '../../common/access/principal.js';
import { List, ListQuery, type Page } from '../../common/http/pagination.js';
import { ApiPage } from '../../openapi/api-page.decorator.js';
import { ApiSignedIn } from '../../openapi/api-problems.decorator.js';
import { OwnTrustedDevicesService } from './own-trusted-devices.service.js';
import { TrustedDeviceResponse } from './trusted-devices.dto.js';

@ApiTags('Second factor')
@Controller('auth/mfa/trusted-devices')
export class TrustedDevicesController {
  constructor(private readonly devices: OwnTrustedDevicesService) {}

  /** The devices that signing in with the password asks for no second factor on, oldest first. */
  @Get()
  @SignedIn()
  @List()
  @ApiOperation({ operationId: 'listTrustedDevices', summary: 'List trusted devices' })
  @ApiPage(TrustedDeviceResponse)
  @ApiSignedIn('validation_failed')
  list(
    @CurrentPrincipal() principal: Principal,
    @Query() query: ListQuery,
  ): Promise<Page<TrustedDeviceResponse>> {
    return this.devices.list(principal, query);
  }

  /** Trusts one of them no more; its sessions go on. */
  @Delete(':id')
  @SignedInPerson()
  @HttpCode(204)
  @ApiOperation({ operationId: 'endTrustedDevice', summary: 'Trust a device no more' })
  @ApiNoContentResponse()
  @ApiSignedIn('not_found', 'recent_login_required')
  end(@CurrentPrincipal() principal: Principal, @Param('id') id: string): Promise<void> {
    return this.devices.end(principal, id);
  }

  /** Trusts no device any more. */
  @Delete()
  @SignedInPerson()
  @HttpCode(204)
  @ApiOperation({ operationId: 'endTrustedDevices', summary: 'Trust no device any more' })
  @ApiNoContentResponse()
  @ApiSignedIn('recent_login_required')
  endAll(@CurrentPrincipal() principal: Principal): Promise<void> {
    return this.devices.endAll(principal);
  }
}
