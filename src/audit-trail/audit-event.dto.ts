import { applyDecorators } from '@nestjs/common';
import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength, ValidateBy } from 'class-validator';
import { EVENT_TYPE_NAMES, EVENT_TYPES } from '../audit/event-types.js';
import type { AuditEventType } from '../audit/audit.js';
import type { TrailEvent, TrailFilter } from '../audit/trail.js';
import { MayBeAbsent } from '../common/http/fields.js';
import { ListQuery } from '../common/http/pagination.js';
import { isTime } from './time.js';

const EXAMPLE_ID = '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11';

const ANY_JSON = {
  required: false,
  oneOf: [
    { type: 'object', additionalProperties: true },
    { type: 'array', items: {} },
    { type: 'string' },
    { type: 'number' },
  ],
};

/** Something that was done. Never changed; ids only, no names and no addresses of people. */
export class AuditEventResponse {
  /** UUIDv7. @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11 */
  id!: string;

  @ApiProperty({
    enum: EVENT_TYPE_NAMES,
    example: 'roles.changed',
    description: Object.entries(EVENT_TYPES)
      .map(([name, meaning]) => `- \`${name}\`: ${meaning}`)
      .join('\n'),
  })
  type!: string;

  at!: Date;

  /** Id of who did it; null: nobody was signed in, or the server did. */
  actor!: string | null;

  /** Id of whom or what it was done to. */
  subject!: string | null;

  /** Network address the request came from; null: no request did it. @example 192.0.2.7 */
  ip!: string | null;

  /** `X-Request-Id` of the request; it leads to the line in the log. */
  requestId!: string | null;

  /** How the request was signed in. @example Bearer */
  scheme!: string | null;

  @ApiProperty({
    ...ANY_JSON,
    example: ['user'],
    description: 'What it was like before, where that was recorded.',
  })
  before?: unknown;

  @ApiProperty({
    ...ANY_JSON,
    example: ['admin', 'user'],
    description: 'What it was like after, or what else is to be known.',
  })
  after?: unknown;
}

export function toAuditEventResponse(event: TrailEvent): AuditEventResponse {
  const { id, type, at, actor, subject, ip, requestId, scheme } = event;
  const { before, after } = (event.detail ?? {}) as { before?: unknown; after?: unknown };
  return {
    id,
    type,
    at,
    actor,
    subject,
    ip,
    requestId,
    scheme,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function IdField(description: string) {
  return applyDecorators(
    ApiProperty({ type: String, required: false, maxLength: 64, description, example: EXAMPLE_ID }),
    MayBeAbsent(),
    IsString(),
    MaxLength(64),
  );
}

function TimeField(description: string, example: string) {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date-time', required: false, description, example }),
    MayBeAbsent(),
    ValidateBy({
      name: 'isTime',
      validator: {
        validate: isTime,
        defaultMessage: (args) =>
          `${args?.property} must be a time such as 2026-03-31T22:15:00Z, or a day such as 2026-03-31.`,
      },
    }),
  );
}

/** Which events; all that are given must fit. */
export class WhichAuditEvents {
  @ApiProperty({
    enum: EVENT_TYPE_NAMES,
    required: false,
    description: 'Only events of this type.',
  })
  @MayBeAbsent()
  @IsIn(EVENT_TYPE_NAMES, { message: 'There is no such type of event.' })
  type?: AuditEventType;

  @IdField('Only what the account with this id did.')
  actor?: string;

  @IdField('Only what was done to the account, or the role, with this id.')
  subject?: string;
}

class WhichAuditEventsWhen extends WhichAuditEvents {
  @TimeField('Only events of this moment or later.', '2026-03-01T00:00:00Z')
  from?: string;

  @TimeField('Only events before this moment.', '2026-04-01T00:00:00Z')
  to?: string;
}

export class ListAuditEventsQuery extends IntersectionType(ListQuery, WhichAuditEventsWhen) {}

export class ExportAuditEventsQuery extends WhichAuditEventsWhen {
  @ApiProperty({ enum: ['ndjson', 'csv'], default: 'ndjson', required: false })
  @MayBeAbsent()
  @IsIn(['ndjson', 'csv'])
  format?: 'ndjson' | 'csv';
}

export function toFilter({ type, actor, subject, from, to }: WhichAuditEventsWhen): TrailFilter {
  return {
    type,
    actor,
    subject,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}
