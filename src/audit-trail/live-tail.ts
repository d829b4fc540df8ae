import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { TrailEvent } from '../audit/trail.js';
import { toAuditEventResponse } from './audit-event.dto.js';

/** How long a tail may be silent: less than proxies wait. In milliseconds. */
const HEARTBEAT = 15_000;
/** How long a reader who may not read on has to take what is left, in milliseconds. */
const LAST_BYTES = 500;

/** What a tail asks of the world. */
export interface TailSource {
  /** Events behind `seq`, the oldest first; none when there are none. */
  since(seq: number): Promise<TrailEvent[]>;
  /** Whether the reader may still read. */
  mayGoOn(): Promise<boolean>;
  /** Whether the reader asked for it. */
  isWanted(event: TrailEvent): boolean;
  clock: Clock;
}

/**
 * Server-sent events (HTML Living Standard section 9.2) about the audit trail, as a stream of text.
 * Reads the database when it is woken and its reader wants more, so that a reader who does not read
 * costs nothing; holds no event in memory beyond one page.
 */
export class LiveTail extends Readable {
  #wanted = false;
  #working = false;
  #again = false;
  #over = false;
  #spokeAt: number;

  /** @param seq place in the chain that the first event stands behind */
  constructor(
    private readonly source: TailSource,
    private seq: number,
  ) {
    super({ encoding: 'utf8' });
    this.#spokeAt = source.clock.now().getTime();
    this.push('retry: 1000\n\n');
  }

  override _read(): void {
    this.#wanted = true;
    this.wake();
  }

  /** Call when there may be something new. */
  wake(): void {
    if (this.#over) return;
    if (this.#working) {
      this.#again = true;
      return;
    }
    this.#working = true;
    this.#work()
      .catch(() => this.destroy()) // its reader comes back and goes on where it was
      .finally(() => {
        this.#working = false;
        if (this.#again) this.wake();
      });
  }

  /** Call several times a second: ends the tail of a reader who may not read on, or breaks a silence. */
  async tick(): Promise<void> {
    if (this.#over || (await this.#ended())) return;
    const silentSince = this.source.clock.now().getTime() - HEARTBEAT;
    if (this.#wanted && this.#spokeAt <= silentSince) this.#say(':\n\n');
  }

  /** Ends it, also for a reader who does not read. */
  finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.push(null);
    setTimeout(() => this.destroy(), LAST_BYTES).unref();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#over = true;
    done(error);
  }

  async #work(): Promise<void> {
    do {
      this.#again = false;
      if (!this.#wanted) return;
      const events = await this.source.since(this.seq);
      if (events.length === 0) continue;
      // Asked behind the reading: nothing that was committed after the end is said.
      if (await this.#ended()) return;
      this.seq = events.at(-1)!.seq;
      const wanted = events.filter((event) => this.source.isWanted(event));
      if (wanted.length > 0) this.#say(wanted.map(toText).join(''));
      this.#again = true;
      await nextTurn(); // who catches up keeps nobody else waiting
    } while (this.#again && !this.#over);
  }

  async #ended(): Promise<boolean> {
    if (!this.#over && (await this.source.mayGoOn())) return this.#over;
    this.finish();
    return true;
  }

  #say(text: string): void {
    this.#spokeAt = this.source.clock.now().getTime();
    this.#wanted = this.push(text);
  }
}

/** JSON holds no line break, so no value can begin a field of its own. */
function toText(event: TrailEvent): string {
  return `id: ${event.seq}\ndata: ${JSON.stringify(toAuditEventResponse(event))}\n\n`;
}
