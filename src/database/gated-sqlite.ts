import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  Transaction,
} from '@prisma/driver-adapter-utils';
import type BetterSqlite3 from 'better-sqlite3';
import { type Counter, CounterFamily } from '../common/metrics/counter.js';
import type { Family } from '../common/metrics/family.js';
import { GaugeFamily } from '../common/metrics/gauge.js';
import { HistogramFamily } from '../common/metrics/histogram.js';
import { Gate } from './gate.js';
import { READ, type Sql, Statements } from './statements.js';

/** SQLite keeps WAL files whole over a crash only from this version on (sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3];
const STATEMENT_CACHE = 500;
/** Writers that wait while another holds the file; beyond, the answer is 503. */
const MOST_WAITING = 2000;

/** Bytes the write-ahead log keeps on the disk when it starts over, however far a long reader let it grow. */
const LARGEST_LOG = 32 * 1024 * 1024;

const DATA_VERSION: Sql = { text: 'PRAGMA data_version', values: [], isRead: true };

/** Whether a commit waits until the disk has it. */
export type Durability = 'full' | 'light';

interface Connection {
  readonly adapter: SqlDriverAdapter;
  readonly client: BetterSqlite3.Database;
  readonly statements: Statements;
}

/**
 * One SQLite file with two connections, made safe for a server, and three ways to it: SQL by
 * prepared statements, Prisma, and Prisma inside a transaction.
 *
 * Prisma's stock adapter has one connection and lets the statements of other requests run inside
 * whichever transaction is open: they read what is not committed, and a write that was
 * acknowledged disappears when that transaction rolls back. It also begins transactions deferred,
 * so a read that turns into a write fails at once while another process holds the file.
 *
 * Here writers pass one at a time through a gate, reads have a read-only connection of their own,
 * transactions begin IMMEDIATE, and a busy file is waited for without stopping the event loop.
 * See docs/decisions/0001-writer-gate.md.
 */
export class GatedSqlite {
  readonly #gate: Gate;
  readonly #waits = new HistogramFamily(
    'latchkey_database_write_wait_seconds',
    'How long writers waited for the one before them; those that did not wait are not counted.',
    [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  );
  readonly #busyRetries = new CounterFamily(
    'latchkey_database_busy_retries_total',
    'Statements tried again because another process held the database.',
  );
  readonly #statements = new CounterFamily(
    'latchkey_database_statements_total',
    'Statements run, apart from those that begin and end transactions.',
    ['way'],
  );
  readonly metrics: readonly Family[] = [
    this.#statements,
    this.#waits,
    new GaugeFamily(
      'latchkey_database_writers_waiting',
      'Writers that wait for the one before them.',
      () => this.#gate.length,
    ),
    this.#busyRetries,
  ];
  #writer!: Connection;
  #reader!: Connection;

  /**
   * @param file path of the database
   * @param busyMs how long a statement waits for other writers and other processes before
   *   SQLITE_BUSY
   */
  constructor(
    private readonly file: string,
    private readonly busyMs = 5000,
  ) {
    this.#gate = new Gate(busyMs, MOST_WAITING, (ms) => this.#waits.with().observe(ms / 1000));
  }

  async open(): Promise<void> {
    const writer = await this.#connect();
    await this.#retry(() =>
      writer.client.exec(
        'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;' +
          `PRAGMA journal_size_limit=${LARGEST_LOG}`,
      ),
    );
    assertSettings(writer.client);
    this.#writer = writer;
    this.#reader = await this.#connect();
    this.#reader.client.exec('PRAGMA query_only=ON; PRAGMA foreign_keys=ON;');
  }

  async close(): Promise<void> {
    await this.#gate.enter();
    this.#reader.client.close();
    this.#writer.client.close();
  }

  /**
   * Changes whenever another process has committed to the file, and never by our own writes:
   * `PRAGMA data_version` speaks of all connections but the one it is asked on. That one is the
   * writer: also inside a transaction its answer is true, because nobody else commits meanwhile.
   */
  foreignVersion(): number {
    // Prepared once: `client.pragma` would compile it each time, and take twice as long.
    const [row] = this.#writer.statements.all<{ data_version: number }>(DATA_VERSION);
    return row!.data_version;
  }

  /**
   * Rows of a statement: a read beside all writers, anything else through the gate.
   *
   * @param durability `light`: may be lost when the power fails, though not when the process dies
   */
  query<Row>(sql: Sql, durability: Durability): Promise<Row[]> {
    if (!sql.isRead) {
      return this.#write(() => this.#with(durability, (writer) => writer.all<Row>(sql)));
    }
    try {
      return Promise.resolve(this.#reader.statements.all<Row>(sql));
    } catch (error) {
      if (!isBusy(error)) return Promise.reject(error as Error);
      return this.#retry(() => this.#reader.statements.all<Row>(sql));
    }
  }

  /** Rows of a read, without waiting for anybody: in WAL mode no writer is in a reader's way. */
  queryNow<Row>(sql: Sql): Row[] {
    return this.#reader.statements.all<Row>(sql);
  }

  /** How many rows a statement changed. */
  execute(sql: Sql, durability: Durability): Promise<number> {
    return this.#write(() => this.#with(durability, (writer) => writer.run(sql)));
  }

  /** {@link query} and {@link execute} for whoever is inside {@link transaction}. */
  queryInside<Row>(sql: Sql): Row[] {
    return this.#writer.statements.all<Row>(sql);
  }

  executeInside(sql: Sql): number {
    return this.#writer.statements.run(sql);
  }

  /**
   * Runs `work` alone between BEGIN IMMEDIATE and COMMIT: IMMEDIATE takes the write lock before
   * the first read, so nothing read can be outdated by the time it is written.
   */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    const came = performance.now();
    await this.#gate.enter();
    const { client } = this.#writer;
    try {
      await this.#retry(() => client.exec('BEGIN IMMEDIATE'), came);
      const result = await work();
      client.exec('COMMIT');
      return result;
    } catch (error) {
      if (client.inTransaction) client.exec('ROLLBACK');
      throw error;
    } finally {
      this.#gate.leave();
    }
  }

  /** For the Prisma client that everybody shares. */
  get outside(): SqlDriverAdapterFactory {
    return this.#factory(() => ({
      queryRaw: (query) =>
        READ.test(query.sql)
          ? this.#retry(() => this.#reader.adapter.queryRaw(query))
          : this.#write(() => this.#writer.adapter.queryRaw(query)),
      executeRaw: (query) => this.#write(() => this.#writer.adapter.executeRaw(query)),
      executeScript: (script) => this.#write(() => this.#writer.adapter.executeScript(script)),
      // Prisma's own transactions: what it does by several statements is whole or not at all.
      startTransaction: async () => {
        await this.#gate.enter();
        try {
          await this.#retry(() => this.#writer.client.exec('BEGIN IMMEDIATE'));
        } catch (error) {
          this.#gate.leave();
          throw error;
        }
        return this.#inside('COMMIT', 'ROLLBACK', () => this.#gate.leave());
      },
    }));
  }

  /** For the Prisma client of whoever is inside {@link transaction}. */
  get inside(): SqlDriverAdapterFactory {
    return this.#factory(() => ({
      queryRaw: (query) => this.#writer.adapter.queryRaw(query),
      executeRaw: (query) => this.#writer.adapter.executeRaw(query),
      executeScript: (script) => this.#writer.adapter.executeScript(script),
      startTransaction: () => {
        this.#writer.client.exec('SAVEPOINT prisma');
        return Promise.resolve(
          this.#inside('RELEASE prisma', 'ROLLBACK TO prisma; RELEASE prisma', () => {}),
        );
      },
    }));
  }

  #factory(
    ways: () => Pick<
      SqlDriverAdapter,
      'queryRaw' | 'executeRaw' | 'executeScript' | 'startTransaction'
    >,
  ): SqlDriverAdapterFactory {
    const name = {
      provider: 'sqlite' as const,
      adapterName: '@prisma/adapter-better-sqlite3 (gated)',
    };
    return {
      ...name,
      connect: () =>
        Promise.resolve({
          ...name,
          ...ways(),
          getConnectionInfo: () => ({ supportsRelationJoins: false }),
          dispose: () => Promise.resolve(), // the connections are closed by close()
        }),
    };
  }

  /** One of Prisma's own transactions, on the writer's connection. */
  #inside(commit: string, rollback: string, done: () => void): Transaction {
    const { adapter, client } = this.#writer;
    const end = (script: string) => () => {
      try {
        client.exec(script);
      } finally {
        if (script === 'COMMIT' && client.inTransaction) client.exec('ROLLBACK');
        done();
      }
      return Promise.resolve();
    };
    return {
      provider: 'sqlite',
      adapterName: adapter.adapterName,
      options: { usePhantomQuery: true },
      queryRaw: (query) => adapter.queryRaw(query),
      executeRaw: (query) => adapter.executeRaw(query),
      commit: end(commit),
      rollback: end(rollback),
      createSavepoint: async (savepoint) => void client.exec(`SAVEPOINT "${savepoint}"`),
      rollbackToSavepoint: async (savepoint) => void client.exec(`ROLLBACK TO "${savepoint}"`),
      releaseSavepoint: async (savepoint) => void client.exec(`RELEASE "${savepoint}"`),
    };
  }

  async #connect(): Promise<Connection> {
    // timeout 0: SQLite's own waiting would stop the event loop; #retry waits beside it.
    const adapter = (await new PrismaBetterSqlite3({
      url: this.file,
      timeout: 0,
    }).connect()) as SqlDriverAdapter & { client: BetterSqlite3.Database };
    const { client } = adapter;
    const prepare = client.prepare.bind(client);
    const viaPrisma = this.#statements.with('prisma');
    const prepared = new Map<string, BetterSqlite3.Statement>();
    client.prepare = ((sql: string): BetterSqlite3.Statement => {
      let statement = prepared.get(sql);
      if (!statement) {
        if (prepared.size >= STATEMENT_CACHE) prepared.delete(prepared.keys().next().value!);
        statement = rebindable(prepare(sql), viaPrisma);
        prepared.set(sql, statement);
      }
      return statement;
    }) as typeof client.prepare;
    return { adapter, client, statements: new Statements(prepare, this.#statements.with('sql')) };
  }

  /** In WAL mode the next full commit makes all light ones before it durable, too. */
  #with<Result>(durability: Durability, work: (writer: Statements) => Result): Result {
    const { client, statements } = this.#writer;
    if (durability === 'full') return work(statements);
    client.exec('PRAGMA synchronous=NORMAL');
    try {
      return work(statements);
    } finally {
      client.exec('PRAGMA synchronous=FULL');
    }
  }

  /** Alone, and at once when nobody else writes. */
  async #write<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    const came = performance.now();
    if (!this.#gate.tryEnter()) await this.#gate.enter();
    try {
      return await this.#retry(work, came);
    } finally {
      this.#gate.leave();
    }
  }

  /** @param came when the statement began to wait, if before now */
  async #retry<Result>(
    work: () => Result | Promise<Result>,
    came = performance.now(),
  ): Promise<Result> {
    const end = came + this.busyMs;
    for (let pause = 1; ; pause = Math.min(pause * 2, 25)) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error;
        this.#busyRetries.with().add();
        await sleep(pause * (0.5 + Math.random()));
      }
    }
  }
}

/**
 * The adapter binds a statement for good, which forbids using it twice. This stand-in passes the
 * values at each run instead, so that a statement is compiled once.
 */
function rebindable(statement: BetterSqlite3.Statement, count: Counter): BetterSqlite3.Statement {
  const counted = (): BetterSqlite3.Statement => {
    count.add();
    return statement;
  };
  return {
    run: (...values: unknown[]) => counted().run(...values),
    bind: (values: unknown[]) => ({
      reader: statement.reader,
      run: () => counted().run(values),
      columns: () => statement.columns(),
      raw: () => ({ all: () => counted().raw(true).all(values) }),
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
