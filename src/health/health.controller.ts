import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { Public } from '../common/access/access.decorators.js';
import { Problem } from '../common/errors/problem.js';
import { Database } from '../database/database.js';
import { ApiProblems } from '../openapi/api-problems.decorator.js';
import { HealthResponse } from './health.dto.js';

/** Met by no limit: a probe that is refused would have a healthy process restarted. */
@ApiTags('Health')
@Controller('health')
@SkipThrottle({ general: true })
export class HealthController {
  constructor(private readonly database: Database) {}

  /** The process answers. */
  @Get()
  @Public()
  @ApiOperation({ operationId: 'health', summary: 'Whether the process answers' })
  @ApiOkResponse({ type: HealthResponse })
  health(): HealthResponse {
    return { status: 'ok' };
  }

  /** The process answers. When this fails, restart it. */
  @Get('live')
  @Public()
  @ApiOperation({ operationId: 'healthLive', summary: 'Whether the process answers' })
  @ApiOkResponse({ type: HealthResponse })
  live(): HealthResponse {
    return { status: 'ok' };
  }

  /** The database can be used. While this fails, send no requests here. */
  @Get('ready')
  @Public()
  @ApiOperation({ operationId: 'healthReady', summary: 'Whether requests can be served' })
  @ApiOkResponse({ type: HealthResponse })
  @ApiProblems('database_busy')
  async ready(): Promise<HealthResponse> {
    try {
      await this.database.ping();
    } catch (error) {
      throw new Problem('database_busy', { cause: error });
    }
    return { status: 'ok' };
  }
}
