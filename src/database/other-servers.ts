import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database.js';
import { Presence } from './presence.js';

/** How often to look whether another server has come or gone, in milliseconds. */
const LOOK = 200;

/**
 * What several servers on one file owe each other: what one has acknowledged counts at the next
 * request to any. While there are others, each asks at every request whether the file has changed;
 * one server alone asks nothing.
 */
@Injectable()
export class OtherServers implements OnApplicationShutdown {
  readonly #log = new Logger('OtherServers');
  #presence: Presence | undefined;
  #watch: NodeJS.Timeout | undefined;
  #failing = false;

  constructor(private readonly database: Database) {}

  /** Begins to look for others. */
  watch(presence: Presence): void {
    this.#presence = presence;
    this.#watch = setInterval(() => this.#look(), LOOK).unref();
  }

  /**
   * Call at the start of each request: what another server has changed before is forgotten here.
   *
   * @throws when the database cannot be asked
   */
  noticeChanges(): void {
    if (!this.#presence?.alone) this.database.noticeForeignChange();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#watch);
    this.#presence?.leave();
    this.#presence = undefined;
  }

  /** A look that fails is tried again; one line tells of all that fail in a row. */
  #look(): void {
    const presence = this.#presence!;
    const { alone } = presence;
    try {
      presence.look();
      // What they changed last, before nobody asks any more.
      if (presence.alone && !alone) this.database.noticeForeignChange();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log.error({ reason: 'cannot look for other servers', err: error });
      this.#failing = true;
    }
    if (presence.alone !== alone) this.#log.log({ msg: 'other servers', alone: presence.alone });
  }
}
