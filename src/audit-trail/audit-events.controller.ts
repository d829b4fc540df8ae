import { Controller, Get, Header, Headers, Query, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, Permissions } from '../common/access/access.decorators.js';
import type { Principal } from '../common/access/principal.js';
import { List, type Page } from '../common/http/pagination.js';
import { ApiPage } from '../openapi/api-page.decorator.js';
import { ApiSignedIn } from '../openapi/api-problems.decorator.js';
import {
  AuditEventResponse,
  ExportAuditEventsQuery,
  ListAuditEventsQuery,
  toAuditEventResponse,
  WhichAuditEvents,
} from './audit-event.dto.js';
import { AuditEventsService } from './audit-events.service.js';
import { LiveTails } from './live-tails.js';

/** What was done, for those who may see it. */
@ApiTags('Audit trail')
@Controller('audit-events')
export class AuditEventsController {
  constructor(
    private readonly events: AuditEventsService,
    private readonly tails: LiveTails,
  ) {}

  /** Newest first. */
  @Get()
  @Permissions('audit:read')
  @List()
  @ApiOperation({ operationId: 'listAuditEvents', summary: 'List and search the audit trail' })
  @ApiPage(AuditEventResponse)
  @ApiSignedIn('permission_required', 'validation_failed')
  async list(@Query() query: ListAuditEventsQuery): Promise<Page<AuditEventResponse>> {
    const page = await this.events.list(query);
    return { ...page, items: page.items.map(toAuditEventResponse) };
  }

  /**
   * Everything that fits, as it stands at this moment, oldest first, as a file: one JSON object a
   * line (`ndjson`), or `csv` (RFC 4180; `before` and `after` are JSON; a cell that a spreadsheet
   * would take for a formula begins with an apostrophe). The connection is cut when the caller may
   * not read on.
   */
  @Get('export')
  @Permissions('audit:read')
  @ApiOperation({ operationId: 'exportAuditEvents', summary: 'Export the audit trail' })
  @ApiOkResponse({
    description: 'The file.',
    content: {
      'application/x-ndjson': { schema: { type: 'string' } },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  @ApiSignedIn('permission_required', 'validation_failed', 'rate_limited', 'overloaded')
  export(
    @CurrentPrincipal() caller: Principal,
    @Query() query: ExportAuditEventsQuery,
  ): StreamableFile {
    const { text, format } = this.events.export(caller, query);
    return new StreamableFile(text, {
      type: format.contentType,
      disposition: `attachment; filename="latchkey-audit.${format.extension}"`,
    });
  }

  /**
   * What happens from now on, as server-sent events: `data` is an event as JSON, `id` its place.
   * Send the last `id` as `Last-Event-ID` to go on behind it without a gap. A comment breaks each
   * silence of 15 seconds. The stream ends when the access token expires, and within a second when
   * the caller is signed out or may not read on: come back with a token that holds.
   */
  @Get('stream')
  @Permissions('audit:read')
  @Header('x-accel-buffering', 'no')
  @ApiOperation({ operationId: 'streamAuditEvents', summary: 'Follow the audit trail' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: '`id` of the last event got.' })
  @ApiOkResponse({
    description: 'Events, for as long as the connection is open.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiSignedIn('permission_required', 'validation_failed', 'rate_limited', 'overloaded')
  async stream(
    @CurrentPrincipal() caller: Principal,
    @Query() query: WhichAuditEvents,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): Promise<StreamableFile> {
    const tail = await this.tails.open(caller, query, lastEventId);
    return new StreamableFile(tail, { type: 'text/event-stream' });
  }
}
