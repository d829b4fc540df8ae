import type BetterSqlite3 from 'better-sqlite3';
import type { Counter } from '../common/metrics/counter.js';
import { Prisma } from '../generated/prisma/client.js';

const KEPT = 500;

/** `INSERT ... RETURNING` gives rows as a SELECT does, so reads are told by their first word. */
export const READ = /^\s*(?:select|explain)\b/i;

/** SQL with a `?` for each value, and the values as SQLite takes them. */
export interface Sql {
  readonly text: string;
  readonly values: unknown[];
  readonly isRead: boolean;
}

type Convert = (value: unknown) => unknown;

interface Compiled {
  readonly statement: BetterSqlite3.Statement;
  /** Columns that SQLite keeps in another form than Prisma gives them. */
  readonly columns: readonly (readonly [name: string, convert: Convert])[];
}

const FROM_COLUMN: Record<string, Convert> = {
  DATETIME: (value) => new Date(value as string),
  JSONB: (value) => JSON.parse(value as string) as unknown,
  BOOLEAN: (value) => value === 1,
};

/** Texts of templates without nested parts, which are the same at every call. */
const plain = new WeakMap<TemplateStringsArray, Omit<Sql, 'values'>>();

/** What a tagged template says; `Prisma.sql`, `Prisma.join` and `Prisma.raw` may stand in it. */
export function sqlOf(strings: TemplateStringsArray, values: readonly unknown[]): Sql {
  if (values.some((value) => value instanceof Prisma.Sql)) {
    const { sql, values: flat } = Prisma.sql(strings, ...values);
    return { text: sql, isRead: READ.test(sql), values: flat.map(toSqlite) };
  }
  let known = plain.get(strings);
  if (!known) {
    const text = strings.join('?');
    plain.set(strings, (known = { text, isRead: READ.test(text) }));
  }
  return { text: known.text, isRead: known.isRead, values: values.map(toSqlite) };
}

/**
 * Statements of one connection, each compiled once. Values go in and come out as Prisma has them:
 * times as Date, JSON parsed, whole numbers as numbers.
 */
export class Statements {
  readonly #compiled = new Map<string, Compiled>();

  /**
   * @param prepare the connection's own, not Prisma's stand-in for it
   * @param count of statements that were run
   */
  constructor(
    private readonly prepare: BetterSqlite3.Database['prepare'],
    private readonly count: Counter,
  ) {}

  all<Row>({ text, values }: Sql): Row[] {
    const { statement, columns } = this.#compile(text);
    const rows = statement.all(...values) as Record<string, unknown>[];
    if (columns.length === 0) return rows as Row[];
    for (const row of rows) {
      for (const [name, convert] of columns) {
        if (row[name] !== null) row[name] = convert(row[name]);
      }
    }
    return rows as Row[];
  }

  /** @returns how many rows were changed */
  run({ text, values }: Sql): number {
    return this.#compile(text).statement.run(...values).changes;
  }

  #compile(text: string): Compiled {
    this.count.add();
    const kept = this.#compiled.get(text);
    if (kept) return kept;
    const statement = this.prepare(text).safeIntegers(false);
    const columns = statement.reader
      ? statement.columns().flatMap(({ name, type }) => {
          const convert = FROM_COLUMN[type ?? ''];
          return convert ? [[name, convert] as const] : [];
        })
      : [];
    const compiled = { statement, columns };
    if (this.#compiled.size >= KEPT) this.#compiled.delete(this.#compiled.keys().next().value!);
    this.#compiled.set(text, compiled);
    return compiled;
  }
}

function toSqlite(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace('Z', '+00:00');
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}
