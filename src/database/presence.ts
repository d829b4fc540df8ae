import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockFile, lockPath } from './lock-file.js';

/** How long between two tries of a lock, in milliseconds. */
const PAUSE = 10;

/**
 * Whether other servers use the same database file. Never wrong in the direction that matters: a
 * server that believes itself {@link alone} is.
 *
 * Two locks, both of the kernel, so that none outlives its process. Every server holds `servers`
 * shared for life. Whoever believes itself alone holds `door`. A server answers nobody before it
 * has held the door itself, and so knows that all others know of it. Only who holds the door lets
 * go of `servers` for a moment, to see whether it can be had exclusively.
 * See docs/decisions/0009-servers-on-one-file.md.
 */
export class Presence {
  readonly #door: LockFile;
  readonly #servers: LockFile;
  #alone = false;

  private constructor(databaseFile: string) {
    mkdirSync(dirname(databaseFile), { recursive: true, mode: 0o700 });
    this.#door = new LockFile(lockPath(databaseFile, 'door'));
    this.#servers = new LockFile(lockPath(databaseFile, 'servers'));
  }

  /**
   * Makes this process one of the servers of the file; waits until the others know.
   *
   * @param waitMs how long; a server that is well makes room within a fraction of a second
   * @returns undefined: one that lives did not make room
   */
  static async enter(databaseFile: string, waitMs: number): Promise<Presence | undefined> {
    const presence = new Presence(databaseFile);
    const end = performance.now() + waitMs;
    if (
      (await retried(() => presence.#servers.tryShared(), end)) &&
      (await retried(() => presence.#door.tryExclusive(), end))
    ) {
      presence.look();
      return presence;
    }
    presence.leave();
    return undefined;
  }

  /** True: no other server uses the file, and none will before a {@link look} of ours lets it. */
  get alone(): boolean {
    return this.#alone;
  }

  /**
   * Looks whether others have come or gone; call it often. Whoever was not alone and is now has to
   * look once more for what the others changed last.
   */
  look(): void {
    if (!this.#door.held && !this.#door.tryExclusive()) return;
    this.#alone = false; // and the door stays shut, should the next line throw
    this.#alone = this.#isOnly();
    if (!this.#alone) this.#door.release();
  }

  leave(): void {
    this.#alone = false;
    this.#servers.close();
    this.#door.close();
  }

  #isOnly(): boolean {
    this.#servers.release();
    const only = this.#servers.tryExclusive();
    this.#servers.release();
    if (!this.#servers.tryShared()) throw new Error('Somebody locked the file of the servers.');
    return only;
  }
}

async function retried(attempt: () => boolean, end: number): Promise<boolean> {
  while (!attempt()) {
    if (performance.now() > end) return false;
    await sleep(PAUSE * (0.5 + Math.random()));
  }
  return true;
}
