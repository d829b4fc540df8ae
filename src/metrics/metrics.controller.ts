import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '../common/access/access.decorators.js';
import { TEXT_FORMAT } from '../common/metrics/text-format.js';
import { ApiProblems } from '../openapi/api-problems.decorator.js';
import { Metrics } from './metrics.js';
import { MetricsTokenGuard } from './metrics-token.guard.js';

/** Public as far as accounts go: who scrapes has none, and shows METRICS_TOKEN instead. */
@ApiTags('Health')
@Controller('metrics')
@Public()
@UseGuards(MetricsTokenGuard)
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /**
   * In Prometheus's text format. Send METRICS_TOKEN as Bearer; an access token is of no use here.
   * Where METRICS_TOKEN is not set the answer is 404.
   */
  @Get()
  @Header('content-type', TEXT_FORMAT)
  @ApiOperation({ operationId: 'metrics', summary: 'Numbers to watch the server by' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'Every metric.', schema: { type: 'string' } })
  @ApiProblems('not_found', 'token_missing', 'invalid_credentials')
  text(): Promise<string> {
    return this.metrics.text();
  }
}
