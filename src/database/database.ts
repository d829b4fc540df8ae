import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Family } from '../common/metrics/family.js';
import { Config } from '../config/config.js';
import { type Prisma, PrismaClient } from '../generated/prisma/client.js';
import { GatedSqlite } from './gated-sqlite.js';

type Client = Prisma.TransactionClient;

interface OpenTransaction {
  client: Client;
  afterCommit: (() => void)[];
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
  readonly #client: PrismaClient;
  readonly #open = new AsyncLocalStorage<OpenTransaction>();
  readonly #onForeignChange: (() => void)[] = [];
  #watch: NodeJS.Timeout | undefined;
  #seenVersion = 0;
  #watchFails = false;
  readonly #log = new Logger('Database');

  constructor(config: Config) {
    this.#sqlite = new GatedSqlite(config.databaseFile);
    this.#client = new PrismaClient({ adapter: this.#sqlite });
  }

  /** Connects, and begins to watch for other processes' changes. */
  async open(): Promise<void> {
    await this.#client.$connect();
    this.#seenVersion = this.#sqlite.foreignVersion();
    this.#watch = setInterval(() => this.#lookSafely(), FOREIGN_CHANGE_POLL).unref();
  }

  /**
   * The client to query with: inside {@link transaction} the transaction's own, whoever asks, so
   * that a service need not know whether it is part of a larger change.
   */
  get client(): Client {
    return this.#open.getStore()?.client ?? this.#client;
  }

  /** True inside {@link transaction}: what is read there may never be committed. */
  get inTransaction(): boolean {
    return this.#open.getStore() !== undefined;
  }

  /**
   * Runs `work` in one transaction, or in the one already open. No hashing, mail or network in it:
   * all other writers wait.
   */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#open.getStore()) return work();
    const afterCommit: (() => void)[] = [];
    const result = await this.#client.$transaction(
      (client) => this.#open.run({ client, afterCommit }, work),
      { maxWait: 10_000, timeout: 10_000 },
    );
    for (const effect of afterCommit) effect();
    return result;
  }

  /** Runs `effect` once what was written so far is durable; at once outside a transaction. */
  afterCommit(effect: () => void): void {
    const open = this.#open.getStore();
    if (open) open.afterCommit.push(effect);
    else effect();
  }

  /** Calls `listener` soon (under a second) after another process has changed anything. */
  onForeignChange(listener: () => void): void {
    this.#onForeignChange.push(listener);
  }

  /** How long writers wait, and for what. */
  get metrics(): readonly Family[] {
    return this.#sqlite.metrics;
  }

  /** Throws when the database cannot be read. */
  async ping(): Promise<void> {
    await this.#client.$queryRaw`SELECT 1`;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#watch);
    await this.#client.$disconnect();
  }

  /** A look that fails is tried again; one line tells of all that fail in a row. */
  #lookSafely(): void {
    try {
      this.#lookForForeignChange();
      this.#watchFails = false;
    } catch (error) {
      if (!this.#watchFails) this.#log.error({ reason: 'cannot watch for changes', err: error });
      this.#watchFails = true;
    }
  }

  #lookForForeignChange(): void {
    const version = this.#sqlite.foreignVersion();
    if (version === this.#seenVersion) return;
    for (const listener of this.#onForeignChange) listener();
    this.#seenVersion = version;
  }
}
