import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { type AuditEvent, Prisma } from '../generated/prisma/client.js';
import { storedTime } from './chained-lines.js';

/** An event as readers know it, with its place in the chain. */
export type TrailEvent = Omit<AuditEvent, 'previousHash' | 'hash'>;

/** All that are given must fit. */
export interface TrailFilter {
  type?: string | undefined;
  /** Id of who did it. */
  actor?: string | undefined;
  /** Id of whom or what it was done to. */
  subject?: string | undefined;
  from?: Date | undefined;
  /** The first moment that is too late. */
  to?: Date | undefined;
}

/** A place in the order of time; events of one moment stand in the order of the chain. */
export type Place = Pick<AuditEvent, 'at' | 'seq'>;

/** How many events are read at once. */
const PIECE = 500;
/** How many events are counted at once: some milliseconds. */
const COUNTED_AT_ONCE = 10_000;

const COLUMNS = Prisma.raw(
  ['seq', 'id', 'at', 'type', 'actor', 'subject', 'ip', 'requestId', 'scheme', 'detail']
    .map((name) => `"${name}"`)
    .join(', '),
);

/** Reads the audit trail. Whatever is asked, a query looks at little more than what it gives. */
@Injectable()
export class Trail {
  constructor(private readonly database: Database) {}

  /** Page of events before `place`, newest first. */
  before(place: Place | undefined, filter: TrailFilter, take: number): Promise<TrailEvent[]> {
    return this.database.query<TrailEvent>`
      SELECT ${COLUMNS} FROM "AuditEvent"
      WHERE ${matching(filter)} AND ${place ? beyond('<', place) : Prisma.sql`TRUE`}
      ORDER BY "at" DESC, "seq" DESC LIMIT ${take}`;
  }

  /** Everything there was at the first call, oldest first, in pieces. */
  async *pieces(filter: TrailFilter): AsyncGenerator<TrailEvent[]> {
    const newest = await this.newestSeq();
    let place: Place | undefined;
    for (;;) {
      const rows = await this.database.query<TrailEvent>`
        SELECT ${COLUMNS} FROM "AuditEvent"
        WHERE ${matching(filter)} AND ${place ? beyond('>', place) : Prisma.sql`TRUE`}
          AND +"seq" <= ${newest}
        ORDER BY "at", "seq" LIMIT ${PIECE}`;
      if (rows.length > 0) yield rows;
      if (rows.length < PIECE) return;
      place = rows.at(-1);
      // Rows are there at once, and so is a socket's "more" while its reader is fast: without this
      // nobody else would be served before the last of a million.
      await nextTurn();
    }
  }

  /** Page of events behind `seq`, in the order they were committed in. */
  since(seq: number, take: number): Promise<TrailEvent[]> {
    return this.database.query<TrailEvent>`
      SELECT ${COLUMNS} FROM "AuditEvent" WHERE "seq" > ${seq} ORDER BY "seq" LIMIT ${take}`;
  }

  /** Events of a rare type behind `seq`, in the order they were committed in. */
  ofTypeSince(type: string, seq: number): Promise<TrailEvent[]> {
    return this.database.query<TrailEvent>`
      SELECT ${COLUMNS} FROM "AuditEvent" WHERE "type" = ${type} AND +"seq" > ${seq}
      ORDER BY +"seq"`;
  }

  /** Counted in pieces: nobody waits for the last of a million. */
  async count(filter: TrailFilter): Promise<number> {
    let total = 0;
    let place: Place | undefined;
    for (;;) {
      const rest = Prisma.sql`
        FROM "AuditEvent"
        WHERE ${matching(filter)} AND ${place ? beyond('>', place) : Prisma.sql`TRUE`}`;
      const [last] = await this.database.query<Place>`
        SELECT "at", "seq" ${rest} ORDER BY "at", "seq" LIMIT 1 OFFSET ${COUNTED_AT_ONCE - 1}`;
      if (!last) {
        const [row] = await this.database.query<{ total: number }>`
          SELECT count(*) AS "total" ${rest}`;
        return total + row!.total;
      }
      total += COUNTED_AT_ONCE;
      place = last;
      await nextTurn();
    }
  }

  /** 0 when the trail is empty. */
  async newestSeq(): Promise<number> {
    const [row] = await this.database.query<{ seq: number | null }>`
      SELECT max("seq") AS "seq" FROM "AuditEvent"`;
    return row!.seq ?? 0;
  }

  /** What happened to an account, and what it did to others, oldest first. */
  async about(userId: string): Promise<TrailEvent[]> {
    const events = new Map<number, TrailEvent>();
    for (const filter of [{ subject: userId }, { actor: userId }]) {
      for await (const piece of this.pieces(filter)) {
        for (const event of piece) events.set(event.seq, event);
      }
    }
    return [...events.values()].sort((a, b) => a.seq - b.seq);
  }
}

function beyond(direction: '<' | '>', { at, seq }: Place): Prisma.Sql {
  return Prisma.sql`("at", "seq") ${Prisma.raw(direction)} (${storedTime(at)}, ${seq})`;
}

/**
 * The index of the filter that leaves the fewest events is used: SQLite, which has no numbers about
 * the table, would guess. A `+` keeps it from the others; each index gives the order of time.
 */
function matching({ type, actor, subject, from, to }: TrailFilter): Prisma.Sql {
  const byActor = subject === undefined;
  const byType = byActor && actor === undefined;
  const conditions = [
    subject === undefined ? undefined : Prisma.sql`"subject" = ${subject}`,
    actor === undefined ? undefined : Prisma.sql`${indexed('actor', byActor)} = ${actor}`,
    type === undefined ? undefined : Prisma.sql`${indexed('type', byType)} = ${type}`,
    from === undefined ? undefined : Prisma.sql`"at" >= ${storedTime(from)}`,
    to === undefined ? undefined : Prisma.sql`"at" < ${storedTime(to)}`,
  ].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.join(conditions, ' AND ');
}

function indexed(column: string, use: boolean): Prisma.Sql {
  return Prisma.raw(use ? `"${column}"` : `+"${column}"`);
}
