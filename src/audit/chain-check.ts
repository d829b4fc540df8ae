import { Injectable } from '@nestjs/common';
import { MasterKey } from '../common/crypto/master-key.js';
import { Database } from '../database/database.js';
import { type SchemaEntry, shippedSchema } from '../database/migrate.js';
import {
  BEGINNING,
  BrokenChain,
  type ChainedLine,
  type ChainFault,
  faultOf,
  type Link,
  originalPlace,
} from './chain.js';
import { linesAfter, oldestLink } from './chained-lines.js';
import { foreignSchema } from './foreign-schema.js';

/** How many lines are read at once. */
const PIECE = 1000;

/** What {@link ChainCheck} found. */
export interface ChainReport {
  /** How many lines were whole. */
  lines: number;
  /** What the whole part follows: what was removed because it was old, or nothing. */
  from: Link;
  /** The last line that was whole. */
  head: Link;
  fault: ChainFault | undefined;
  /** The line that says that all before it were bound into the chain when it was written. */
  bound: ChainedLine | undefined;
  /**
   * Whether the head that was asked for is that line, or one behind it: then it was noted of this
   * very chain, and not of one that somebody has had made anew since.
   */
  boundIsProven: boolean;
  /** Whether the head that was asked for is a line of the trail; undefined: none was. */
  holdsHead: boolean | undefined;
}

/** Proves the audit trail: that every line is what the server wrote, where it wrote it. */
@Injectable()
export class ChainCheck {
  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
  ) {}

  /** How many lines there are to prove. */
  async count(): Promise<number> {
    const [row] = await this.database.query<{ lines: number }>`
      SELECT count(*) AS "lines" FROM "AuditEvent"`;
    return row!.lines;
  }

  /** What is in the database that could keep lines out of it unseen; nothing, as a rule. */
  async foreignSchema(): Promise<string[]> {
    const found = await this.database.query<SchemaEntry>`
      SELECT "type", "name", "tbl_name" AS "table", "sql" FROM sqlite_master`;
    return foreignSchema(found, shippedSchema());
  }

  /**
   * Walks the chain from the beginning or the checkpoint to the end. A server may write meanwhile.
   *
   * @param head hash of a line that was the newest once, noted where whoever can write the file
   *   cannot: without it nobody can tell that the end of the chain was cut off
   * @param onProgress told how many lines were whole so far
   */
  async run(
    head: string | undefined,
    onProgress: (lines: number) => void = () => {},
  ): Promise<ChainReport> {
    let from = BEGINNING;
    let before = BEGINNING;
    let lines = 0;
    let bound: ChainedLine | undefined;
    let boundIsProven = false;
    let holdsHead = head === undefined ? undefined : false;
    const report = (fault?: ChainFault): ChainReport => ({
      lines,
      from,
      head: before,
      fault,
      bound,
      boundIsProven,
      holdsHead,
    });
    try {
      from = before = await oldestLink(this.database, this.masterKey);
      if (head === from.hash) holdsHead = true;
      for (;;) {
        const piece = await linesAfter(this.database, before.seq, PIECE);
        if (piece[0] && piece[0].previousHash !== before.hash) {
          // Perhaps what stood here was removed since, because it is old.
          const moved = await oldestLink(this.database, this.masterKey);
          if (moved.seq > before.seq) {
            before = moved;
            continue;
          }
        }
        for (const line of piece) {
          const fault = faultOf(this.masterKey, line, before);
          if (fault) return report(await this.#named(fault, line));
          before = { seq: line.seq, hash: line.hash! };
          if (line.type === 'audit.chained') bound = line;
          if (head === line.hash) {
            holdsHead = true;
            boundIsProven = bound !== undefined;
          }
          lines++;
        }
        onProgress(lines);
        if (piece.length < PIECE) return report(await this.#strayLine(from));
      }
    } catch (error) {
      if (error instanceof BrokenChain) return report(error.fault);
      throw error;
    }
  }

  /** A line that stands where no line is any more. */
  async #strayLine(from: Link): Promise<ChainFault | undefined> {
    const [stray] = await this.database.query<{ seq: number }>`
      SELECT "seq" FROM "AuditEvent" WHERE "seq" <= ${from.seq} LIMIT 1`;
    if (!stray) return undefined;
    const { seq } = stray;
    return { seq, kind: 'changed', message: `line ${seq} is not what the server wrote` };
  }

  /** Tells a line that was moved from one that was changed. */
  async #named(fault: ChainFault, line: ChainedLine): Promise<ChainFault> {
    if (fault.kind !== 'changed' || line.hash === null) return fault;
    const places = { from: 1, to: (await this.count()) + line.seq };
    const place = originalPlace(this.masterKey, line, places);
    if (place === undefined) return fault;
    return { ...fault, kind: 'order', message: `line ${line.seq} was written as line ${place}` };
  }
}
