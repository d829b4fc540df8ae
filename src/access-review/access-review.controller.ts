import { Body, Controller, Get, Post, Query, Res, StreamableFile } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, Permissions } from '../common/access/access.decorators.js';
import type { Principal } from '../common/access/principal.js';
import { CSV_TYPE } from '../common/http/csv.js';
import { List } from '../common/http/pagination.js';
import { ApiSignedIn } from '../openapi/api-problems.decorator.js';
import {
  AccessReviewPage,
  AccessReviewQuery,
  AccessReviewResponse,
  RecordAccessReview,
} from './access-review.dto.js';
import { AccessReviewService } from './access-review.service.js';

const PATH = 'access-review';

/** Who may do what, who gave it to them, and whether they use it. */
@ApiTags('Access review')
@Controller(PATH)
export class AccessReviewController {
  constructor(private readonly reviews: AccessReviewService) {}

  /**
   * Everybody, in the order the accounts were made, with flags that say where to look first. With
   * `format=csv` all of it as one file; lists inside a field are separated by a space.
   */
  @Get()
  @Permissions('audit:read')
  @List()
  @ApiOperation({ operationId: 'getAccessReview', summary: 'See who may do what' })
  @ApiExtraModels(AccessReviewPage)
  @ApiOkResponse({
    description: 'One page of the list, or the whole file.',
    headers: {
      Link: {
        description: 'Address of the next page with rel="next" (RFC 8288); absent at the end.',
        schema: { type: 'string' },
      },
    },
    content: {
      'application/json': { schema: { $ref: getSchemaPath(AccessReviewPage) } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  @ApiSignedIn('permission_required', 'validation_failed')
  async list(
    @Query() { format, ...query }: AccessReviewQuery,
  ): Promise<AccessReviewPage | StreamableFile> {
    if (format !== 'csv') return this.reviews.page(query);
    return new StreamableFile(await this.reviews.csv(), {
      type: CSV_TYPE,
      disposition: 'attachment; filename="access-review.csv"',
    });
  }

  /** Of one person, or of everybody, which is due every 90 days. It changes nobody's access. */
  @Post()
  @Permissions('audit:review')
  @ApiOperation({ operationId: 'recordAccessReview', summary: 'Record a review' })
  @ApiCreatedResponse({
    type: AccessReviewResponse,
    headers: { Location: { description: 'Path of the list.', schema: { type: 'string' } } },
  })
  @ApiSignedIn('permission_required', 'validation_failed', 'malformed_json', 'database_busy')
  async record(
    @CurrentPrincipal() caller: Principal,
    @Body() review: RecordAccessReview,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessReviewResponse> {
    const recorded = await this.reviews.record(caller, review);
    void reply.header('location', `/${PATH}`);
    return recorded;
  }
}
