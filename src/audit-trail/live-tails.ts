import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Trail, type TrailEvent } from '../audit/trail.js';
import { Clock } from '../clock.js';
import type { Principal } from '../common/access/principal.js';
import { Problem } from '../common/errors/problem.js';
import { Database } from '../database/database.js';
import type { WhichAuditEvents } from './audit-event.dto.js';
import { LastingAnswers } from './lasting-answers.js';
import { LiveTail } from './live-tail.js';

/** How many events are read at once. */
const PIECE = 100;
/** How long news wait for more of them, in milliseconds. */
const GATHER = 50;
/** How often readers are asked for whether they may read on, in milliseconds. */
const TICK = 250;

/**
 * All live tails. What happens is told to all at once, and tails that stand at the same place share
 * one query, so that many readers cost little more than one.
 */
@Injectable()
export class LiveTails implements BeforeApplicationShutdown {
  readonly #log = new Logger('audit');
  readonly #tails = new Set<LiveTail>();
  /** Queries under way that were begun behind the last news. */
  #pages = new Map<number, Promise<TrailEvent[]>>();
  #news: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(
    private readonly trail: Trail,
    private readonly answers: LastingAnswers,
    private readonly clock: Clock,
    audit: Audit,
    database: Database,
  ) {
    audit.onRecorded(() => this.#gather());
    database.onForeignChange(() => this.#gather());
  }

  /**
   * @param lastEventId `id` of the last event the reader has got; undefined: begin with the next one
   * @throws Problem rate_limited, overloaded; bad_request when no event ever had this id
   */
  async open(
    principal: Principal,
    { type, actor, subject }: WhichAuditEvents,
    lastEventId: string | undefined,
  ): Promise<LiveTail> {
    const seq = placeOf(lastEventId, await this.trail.newestSeq());
    this.answers.mayBegin(principal);
    const tail = new LiveTail(
      {
        since: (after) => this.#since(after),
        mayGoOn: () => this.answers.mayGoOn(principal),
        isWanted: (event) =>
          (type === undefined || event.type === type) &&
          (actor === undefined || event.actor === actor) &&
          (subject === undefined || event.subject === subject),
        clock: this.clock,
      },
      seq,
    );
    this.#tails.add(tail);
    this.#ticking ??= setInterval(() => this.#tick(), TICK).unref();
    tail.once('close', () => this.#closed(tail));
    return this.answers.begin(principal, tail);
  }

  beforeApplicationShutdown(): void {
    for (const tail of this.#tails) tail.finish();
  }

  #closed(tail: LiveTail): void {
    this.#tails.delete(tail);
    if (this.#tails.size > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  #tick(): void {
    for (const tail of this.#tails) {
      tail.tick().catch((error: unknown) => {
        this.#log.error({ reason: 'a live tail was cut', err: error });
        tail.destroy();
      });
    }
  }

  #gather(): void {
    if (this.#tails.size === 0 || this.#news !== undefined) return;
    this.#news = setTimeout(() => {
      this.#news = undefined;
      this.#pages = new Map();
      for (const tail of this.#tails) tail.wake();
    }, GATHER).unref();
  }

  #since(seq: number): Promise<TrailEvent[]> {
    const pages = this.#pages;
    let page = pages.get(seq);
    if (!page) {
      page = this.trail.since(seq, PIECE).finally(() => pages.delete(seq));
      pages.set(seq, page);
    }
    return page;
  }
}

function placeOf(lastEventId: string | undefined, newest: number): number {
  if (lastEventId === undefined || lastEventId === '') return newest;
  const seq = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.NaN;
  if (seq <= newest) return seq;
  const detail = 'Last-Event-ID is not the id of an event of this stream.';
  throw new Problem('bad_request', { detail });
}
