import type { TrailEvent } from '../audit/trail.js';
import { toAuditEventResponse } from './audit-event.dto.js';

/** How a list of events is written to a file. */
export interface ExportFormat {
  readonly contentType: string;
  readonly extension: string;
  /** What stands above the first event. */
  readonly head: string;
  write(events: readonly TrailEvent[]): string;
}

/** One JSON object a line. */
const NDJSON: ExportFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  extension: 'ndjson',
  head: '',
  write: (events) =>
    events.map((event) => `${JSON.stringify(toAuditEventResponse(event))}\n`).join(''),
};

const COLUMNS = [
  'id',
  'type',
  'at',
  'actor',
  'subject',
  'ip',
  'requestId',
  'scheme',
  'before',
  'after',
] as const;

/** RFC 4180, with a header; `before` and `after` are JSON. */
const CSV: ExportFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  head: record(COLUMNS),
  write: (events) =>
    events
      .map((event) => {
        const { before, after, ...shown } = toAuditEventResponse(event);
        const cells = { ...shown, before: json(before), after: json(after) };
        return record(COLUMNS.map((column) => text(cells[column])));
      })
      .join(''),
};

export const EXPORT_FORMATS = { ndjson: NDJSON, csv: CSV } as const;

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function text(value: string | Date | null): string {
  return value instanceof Date ? value.toISOString() : (value ?? '');
}

function record(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/**
 * A cell of RFC 4180 section 2. Spreadsheets take what begins with one of these characters for a
 * formula and run it; an apostrophe before it makes them take it for text.
 */
export function cell(value: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
