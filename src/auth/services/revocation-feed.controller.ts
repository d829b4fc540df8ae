import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ForServices } from '../../common/access/access.decorators.js';
import type { CallingService } from '../../common/access/principal.js';
import { ApiServiceSignedIn } from '../../openapi/api-problems.decorator.js';
import { CurrentService } from './current-service.decorator.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationFeedQuery, RevocationFeedResponse } from './revocation-feed.dto.js';

@ApiTags('Services')
@Controller('auth/revocations')
export class RevocationFeedController {
  constructor(private readonly revocations: RevocationFeed) {}

  /**
   * Which sessions have ended while access tokens of theirs may be out. Ask every few seconds, with
   * `next` as `since` and the `ETag` in `If-None-Match`: while nothing ends, the answer is 304.
   */
  @Get()
  @ForServices()
  @ApiOperation({ operationId: 'listRevocations', summary: 'Follow the sessions that end' })
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: '`ETag` of the answer before.',
  })
  @ApiOkResponse({
    type: RevocationFeedResponse,
    headers: { ETag: { description: 'Of where the answer ends.', schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 304, description: 'Nothing has ended since.' })
  @ApiServiceSignedIn('validation_failed')
  async list(
    @CurrentService() service: CallingService,
    @Query() { since }: RevocationFeedQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RevocationFeedResponse | undefined> {
    const { etag, feed } = await this.revocations.page(service, since);
    void reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'Authorization' });
    if (!names(known, etag)) return { feed: feed() };
    void reply.code(304);
    return undefined;
  }
}

/** RFC 9110 section 13.1.2: a list of entity tags, compared weakly, or `*`. */
function names(ifNoneMatch: string | undefined, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  const tags = ifNoneMatch?.split(',').map(opaque) ?? [];
  return tags.includes('*') || tags.includes(opaque(etag));
}
