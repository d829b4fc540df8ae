import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type {
  IsolationLevel,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type BetterSqlite3 from 'better-sqlite3';
import { CounterFamily } from '../common/metrics/counter.js';
import { GaugeFamily } from '../common/metrics/gauge.js';
import { HistogramFamily } from '../common/metrics/histogram.js';

/** SQLite keeps WAL files whole over a crash only from this version on (sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3];
const STATEMENT_CACHE = 500;

/** `INSERT ... RETURNING` comes the same way as a SELECT, so reads are told by their first word. */
const READ = /^\s*(?:select|explain)\b/i;

type Connection = SqlDriverAdapter & { client: BetterSqlite3.Database };

/**
 * Prisma's better-sqlite3 adapter, made safe for a server.
 *
 * The stock adapter has one connection and lets the statements of other requests run inside
 * whichever transaction is open: they read what is not committed, and a write that was
 * acknowledged disappears when that transaction rolls back. It also begins transactions deferred,
 * so a read that turns into a write fails at once while another process holds the file.
 *
 * Here writers pass one at a time through a gate, reads have a read-only connection of their own,
 * transactions begin IMMEDIATE, and a busy file is waited for without stopping the event loop.
 * See docs/decisions/0001-writer-gate.md.
 */
export class GatedSqlite implements SqlDriverAdapterFactory {
  readonly provider = 'sqlite' as const;
  readonly adapterName = '@prisma/adapter-better-sqlite3 (gated)';
  readonly #waits = new HistogramFamily(
    'latchkey_database_write_wait_seconds',
    'How long writers waited for the one before them; those that did not wait are not counted.',
    [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  );
  readonly #busyRetries = new CounterFamily(
    'latchkey_database_busy_retries_total',
    'Statements tried again because another process held the database.',
  );
  readonly metrics = [
    this.#waits,
    new GaugeFamily(
      'latchkey_database_writers_waiting',
      'Writers that wait for the one before them.',
      () => this.#gate?.waiting,
    ),
    this.#busyRetries,
  ];
  #gate: Gate | undefined;
  #writer: Connection | undefined;

  /**
   * @param file path of the database
   * @param busyMs how long a statement waits for another process before SQLITE_BUSY
   */
  constructor(
    private readonly file: string,
    private readonly busyMs = 5000,
  ) {}

  /**
   * Changes whenever another process has committed to the file, and never by our own writes:
   * `PRAGMA data_version` speaks of all connections but the one it is asked on.
   */
  foreignVersion(): number {
    return this.#writer!.client.pragma('data_version', { simple: true }) as number;
  }

  async connect(): Promise<SqlDriverAdapter> {
    const writer = await this.#open();
    await this.#retry(() =>
      writer.executeScript(
        'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;',
      ),
    );
    assertSettings(writer.client);
    this.#writer = writer;
    const reader = await this.#open();
    await reader.executeScript('PRAGMA query_only=ON; PRAGMA foreign_keys=ON;');

    const gate = new Gate((seconds) => this.#waits.with().observe(seconds));
    this.#gate = gate;
    const write = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      await gate.enter();
      try {
        return await this.#retry(work);
      } finally {
        gate.leave();
      }
    };

    return {
      provider: this.provider,
      adapterName: this.adapterName,
      getConnectionInfo: () => writer.getConnectionInfo?.() ?? { supportsRelationJoins: false },
      queryRaw: (query: SqlQuery) =>
        READ.test(query.sql)
          ? this.#retry(() => reader.queryRaw(query))
          : write(() => writer.queryRaw(query)),
      executeRaw: (query: SqlQuery) => write(() => writer.executeRaw(query)),
      executeScript: (script: string) => write(() => writer.executeScript(script)),
      startTransaction: (isolation?: IsolationLevel) => this.#begin(writer, gate, isolation),
      dispose: async () => {
        await gate.enter();
        await reader.dispose();
        await writer.dispose();
      },
    };
  }

  async #begin(writer: Connection, gate: Gate, isolation?: IsolationLevel): Promise<Transaction> {
    await gate.enter();
    try {
      // IMMEDIATE takes the write lock before the first read, so nothing read can be outdated by
      // the time it is written. The adapter's own BEGIN is swallowed in #open.
      await this.#retry(async () => writer.client.exec('BEGIN IMMEDIATE'));
      const transaction = await writer.startTransaction(isolation);
      for (const end of ['commit', 'rollback'] as const) {
        const original = transaction[end].bind(transaction);
        transaction[end] = async () => {
          try {
            await original();
          } finally {
            if (writer.client.inTransaction) writer.client.exec('ROLLBACK');
            gate.leave();
          }
        };
      }
      return transaction;
    } catch (error) {
      if (writer.client.inTransaction) writer.client.exec('ROLLBACK');
      gate.leave();
      throw error;
    }
  }

  async #open(): Promise<Connection> {
    // timeout 0: SQLite's own waiting would stop the event loop; #retry waits beside it.
    const connection = (await new PrismaBetterSqlite3({
      url: this.file,
      timeout: 0,
    }).connect()) as Connection;
    const client = connection.client;
    const prepare = client.prepare.bind(client);
    const prepared = new Map<string, BetterSqlite3.Statement>();
    const reuse = (sql: string): BetterSqlite3.Statement => {
      if (sql === 'BEGIN') return { run() {} } as unknown as BetterSqlite3.Statement;
      let statement = prepared.get(sql);
      if (!statement) {
        if (prepared.size >= STATEMENT_CACHE) prepared.delete(prepared.keys().next().value!);
        statement = rebindable(prepare(sql));
        prepared.set(sql, statement);
      }
      return statement;
    };
    client.prepare = reuse as typeof client.prepare;
    return connection;
  }

  async #retry<Result>(work: () => Promise<Result>): Promise<Result> {
    const end = Date.now() + this.busyMs;
    for (let pause = 1; ; pause = Math.min(pause * 2, 25)) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error) || Date.now() > end) throw error;
        this.#busyRetries.with().add();
        await sleep(pause * (0.5 + Math.random()));
      }
    }
  }
}

/** Lets one writer in at a time, in the order they came. */
class Gate {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /** @param onWaited told how long somebody waited, in seconds */
  constructor(private readonly onWaited: (seconds: number) => void) {}

  get waiting(): number {
    return this.#waiting.length;
  }

  async enter(): Promise<void> {
    if (!this.#taken) {
      this.#taken = true;
      return;
    }
    const since = performance.now();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.onWaited((performance.now() - since) / 1000);
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken = false;
  }
}

/**
 * The adapter binds a statement for good, which forbids using it twice. This stand-in passes the
 * values at each run instead, so that a statement is compiled once.
 */
function rebindable(statement: BetterSqlite3.Statement): BetterSqlite3.Statement {
  return {
    run: (...values: unknown[]) => statement.run(...values),
    bind: (values: unknown[]) => ({
      reader: statement.reader,
      run: () => statement.run(values),
      columns: () => statement.columns(),
      raw: () => ({ all: () => statement.raw(true).all(values) }),
    }),
  } as unknown as BetterSqlite3.Statement;
}

/** True when another process holds the file, whichever layer the error was wrapped by. */
export function isBusy(error: unknown): boolean {
  const { code, message, cause } = (error ?? {}) as {
    code?: string;
    message?: string;
    cause?: { originalCode?: string; kind?: string };
  };
  return /SQLITE_BUSY|database is locked|SocketTimeout/i.test(
    `${code} ${message} ${cause?.originalCode} ${cause?.kind}`,
  );
}

function assertSettings(client: BetterSqlite3.Database): void {
  const version = client.prepare('SELECT sqlite_version()').bind([]).raw().all()[0] as [string];
  const numbers = version[0].split('.').map(Number);
  const older = OLDEST_SQLITE.findIndex((part, i) => numbers[i] !== part);
  if (older >= 0 && numbers[older]! < OLDEST_SQLITE[older]!) {
    throw new Error(`SQLite ${OLDEST_SQLITE.join('.')} or newer is needed; this is ${version[0]}.`);
  }
  for (const [pragma, wanted] of [
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
  ] as const) {
    // The adapter makes the connection answer whole numbers as bigint.
    const actual = client.pragma(pragma, { simple: true }) as string | bigint;
    if (String(actual) !== String(wanted)) {
      throw new Error(`SQLite refused ${pragma}=${wanted} (it is ${actual}) for this file.`);
    }
  }
}
