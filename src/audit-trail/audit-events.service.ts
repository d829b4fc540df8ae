import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { Trail, type TrailEvent, type TrailFilter } from '../audit/trail.js';
import type { Principal } from '../common/access/principal.js';
import { type Page, Pagination } from '../common/http/pagination.js';
import { invalid } from '../common/http/validation.js';
import {
  type ExportAuditEventsQuery,
  type ListAuditEventsQuery,
  toFilter,
} from './audit-event.dto.js';
import { EXPORT_FORMATS, type ExportFormat } from './export-formats.js';
import { LastingAnswers } from './lasting-answers.js';

/** Lists and exports the audit trail. */
@Injectable()
export class AuditEventsService {
  readonly #log = new Logger('audit');

  constructor(
    private readonly trail: Trail,
    private readonly pagination: Pagination,
    private readonly answers: LastingAnswers,
  ) {}

  /** @throws Problem validation_failed when `from` is later than `to` */
  list(query: ListAuditEventsQuery): Promise<Page<TrailEvent>> {
    const filter = inOrder(toFilter(query));
    return this.pagination.page(query, {
      list: `audit-events\0${JSON.stringify(filter)}`,
      rows: (after, take) => this.trail.before(placeIn(after), filter, take),
      keyOf: ({ at, seq }) => `${at.getTime()}/${seq}`,
      total: () => this.trail.count(filter),
    });
  }

  /**
   * The events there are now, oldest first, read from the database as fast as they are taken.
   *
   * @throws Problem validation_failed when `from` is later than `to`; rate_limited, overloaded
   */
  export(
    caller: Principal,
    query: ExportAuditEventsQuery,
  ): { text: Readable; format: ExportFormat } {
    const filter = inOrder(toFilter(query));
    this.answers.mayBegin(caller);
    const format = EXPORT_FORMATS[query.format ?? 'ndjson'];
    // A line in the log, not in the audit trail: a GET changes nothing (RFC 9110 section 9.2.1).
    this.#log.log({ event: 'audit.exported', userId: caller.userId });
    const text = Readable.from(this.#text(caller, filter, format), { objectMode: false });
    return { text: this.answers.begin(caller, text), format };
  }

  async *#text(
    caller: Principal,
    filter: TrailFilter,
    format: ExportFormat,
  ): AsyncGenerator<string> {
    if (format.head !== '') yield format.head;
    for await (const events of this.trail.pieces(filter)) {
      if (!(await this.answers.mayGoOn(caller))) throw new Error('The reader may not read on.');
      yield format.write(events);
    }
  }
}

function inOrder(filter: TrailFilter): TrailFilter {
  const { from, to } = filter;
  if (!from || !to || from <= to) return filter;
  throw invalid([{ pointer: '/to', code: 'too_small', detail: 'to must not be before from.' }]);
}

/** The inverse of `keyOf`; pagination has proved that it comes from there. */
function placeIn(key: string | undefined): { at: Date; seq: number } | undefined {
  if (key === undefined) return undefined;
  const [at, seq] = key.split('/').map(Number) as [number, number];
  return { at: new Date(at), seq };
}
