import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { AsyncStore } from '../common/async-store.js';
import type { Family } from '../common/metrics/family.js';
import { Config } from '../config/config.js';
import { type Prisma, PrismaClient } from '../generated/prisma/client.js';
import { type Durability, GatedSqlite } from './gated-sqlite.js';
import { sqlOf } from './statements.js';

type Client = Prisma.TransactionClient;

interface OpenTransaction {
  over: boolean;
  readonly afterCommit: (() => void)[];
}

/** How often to look whether another process has changed the file, in milliseconds. */
const FOREIGN_CHANGE_POLL = 200;

/**
 * The one place a Prisma client is obtained. Each table has one owning service that speaks to it;
 * nothing keeps the client, so that one day it can be another for each request.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly #sqlite: GatedSqlite;
  #outside: PrismaClient | undefined;
  #inside: PrismaClient | undefined;
  readonly #open = new AsyncStore<OpenTransaction>();
  readonly #onForeignChange: (() => void)[] = [];
  #watch: NodeJS.Timeout | undefined;
  #seenVersion = 0;
  #watchFails = false;
  readonly #log = new Logger('Database');

  constructor(config: Config) {
    this.#sqlite = new GatedSqlite(config.databaseFile);
  }

  /** Connects, and begins to watch for other processes' changes. */
  async open(): Promise<void> {
    await this.#sqlite.open();
    this.#seenVersion = this.#sqlite.foreignVersion();
    this.#watch = setInterval(() => this.#lookSafely(), FOREIGN_CHANGE_POLL).unref();
  }

  /**
   * The Prisma client to query with: inside {@link transaction} the transaction's own, whoever
   * asks, so that a service need not know whether it is part of a larger change. Made at its first
   * use: Prisma's query compiler takes 40 MB and a tenth of a second.
   */
  get client(): Client {
    if (this.#transaction()) {
      return (this.#inside ??= new PrismaClient({ adapter: this.#sqlite.inside }));
    }
    return (this.#outside ??= new PrismaClient({ adapter: this.#sqlite.outside }));
  }

  /**
   * Rows of an SQL statement, for paths where Prisma's query compiler would cost more than all the
   * rest. Parts made by `Prisma.sql` may stand in the template; everything else becomes a
   * parameter. Inside {@link transaction} it is part of it.
   *
   * @example database.query<{ id: string }>`SELECT "id" FROM "User" WHERE "emailKey" = ${key}`
   */
  query<Row>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Row[]> {
    return this.#query<Row>('full', strings, values);
  }

  /**
   * {@link query} for a SELECT whose rows are needed before anything else may happen, as in
   * {@link onForeignChange}: what is committed now, also inside {@link transaction}.
   *
   * @throws when the database cannot be read
   */
  queryNow<Row>(strings: TemplateStringsArray, ...values: unknown[]): Row[] {
    return this.#sqlite.queryNow<Row>(sqlOf(strings, values));
  }

  /** {@link query} for a statement without rows: how many it changed. */
  execute(strings: TemplateStringsArray, ...values: unknown[]): Promise<number> {
    return this.#execute('full', strings, values);
  }

  /**
   * {@link query} and {@link execute} for what nobody is told of as done: counts, claims. They do
   * not wait for the disk, which is most of what a write costs; when the power fails the last of
   * them may be lost, when the process dies none is.
   */
  readonly light = {
    query: <Row>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Row[]> =>
      this.#query<Row>('light', strings, values),
    execute: (strings: TemplateStringsArray, ...values: unknown[]): Promise<number> =>
      this.#execute('light', strings, values),
  };

  /** True inside {@link transaction}: what is read there may never be committed. */
  get inTransaction(): boolean {
    return this.#open.get() !== undefined;
  }

  /**
   * Runs `work` in one transaction, or in the one already open. No hashing, mail or network in it:
   * all other writers wait.
   */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#transaction()) return work();
    const open: OpenTransaction = { over: false, afterCommit: [] };
    const result = await this.#sqlite.transaction(async () => {
      try {
        return await this.#open.run(open, work);
      } finally {
        open.over = true;
      }
    });
    runAll(open.afterCommit);
    return result;
  }

  /**
   * Runs `effect` once what was written so far is durable; at once outside a transaction. What it
   * throws, the transaction throws after all effects were run; the commit stands.
   */
  afterCommit(effect: () => void): void {
    const open = this.#open.get();
    if (open) open.afterCommit.push(effect);
    else effect();
  }

  /**
   * Calls `listener` soon (under a second) after another process has changed anything; by
   * {@link noticeForeignChange} at once, and before anything that was kept is believed. If it
   * throws it is called again at the next look.
   */
  onForeignChange(listener: () => void): void {
    this.#onForeignChange.push(listener);
  }

  /**
   * Looks whether another process has changed anything: what was committed before is heard of
   * here. Some microseconds when nothing was. Throws when the database cannot be read.
   */
  noticeForeignChange(): void {
    const version = this.#sqlite.foreignVersion();
    if (version === this.#seenVersion) return;
    for (const listener of this.#onForeignChange) listener();
    this.#seenVersion = version;
  }

  /** How long writers wait, and for what. */
  get metrics(): readonly Family[] {
    return this.#sqlite.metrics;
  }

  /** Throws when the database cannot be read. */
  async ping(): Promise<void> {
    await this.query`SELECT 1`;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#watch);
    await this.#inside?.$disconnect();
    await this.#outside?.$disconnect();
    await this.#sqlite.close();
  }

  #query<Row>(
    durability: Durability,
    strings: TemplateStringsArray,
    values: unknown[],
  ): Promise<Row[]> {
    const sql = sqlOf(strings, values);
    if (!this.#transaction()) return this.#sqlite.query<Row>(sql, durability);
    return settled(() => this.#sqlite.queryInside<Row>(sql));
  }

  #execute(
    durability: Durability,
    strings: TemplateStringsArray,
    values: unknown[],
  ): Promise<number> {
    const sql = sqlOf(strings, values);
    if (!this.#transaction()) return this.#sqlite.execute(sql, durability);
    return settled(() => this.#sqlite.executeInside(sql));
  }

  /**
   * @throws when work that nobody waited for goes on behind the end of its transaction, and the
   *   request it belongs to is still under way
   */
  #transaction(): OpenTransaction | undefined {
    const open = this.#open.get();
    if (open?.over) throw new Error('This transaction is over: something in it was not awaited.');
    return open;
  }

  /** A look that fails is tried again; one line tells of all that fail in a row. */
  #lookSafely(): void {
    try {
      this.noticeForeignChange();
      this.#watchFails = false;
    } catch (error) {
      if (!this.#watchFails) this.#log.error({ reason: 'cannot watch for changes', err: error });
      this.#watchFails = true;
    }
  }
}

/** One that throws keeps none of the others from being run: what they evict must not outlive a commit. */
function runAll(effects: readonly (() => void)[]): void {
  const errors: unknown[] = [];
  for (const effect of effects) {
    try {
      effect();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** What a synchronous call gives or throws, as a promise. */
async function settled<Result>(work: () => Result): Promise<Result> {
  return work();
}
