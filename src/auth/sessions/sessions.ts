import { randomBytes } from 'node:crypto';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../audit/audit.js';
import { Clock, later } from '../../clock.js';
import { uuidv7 } from '../../common/crypto/uuid.js';
import { EvictingCache } from '../../common/evicting-cache.js';
import { clientNetwork } from '../../common/http/client-network.js';
import { currentAddress } from '../../common/http/request-context.js';
import { Config } from '../../config/config.js';
import { Database } from '../../database/database.js';
import { stretches } from '../../database/stretches.js';
import type { Prisma, Session } from '../../generated/prisma/client.js';
import { currentUserAgent, deviceLabel } from './device-label.js';
import { EndedSessions } from './ended-sessions.js';

/** Why a session ended. */
export type EndReason =
  | 'logout'
  /** Its browser signed in anew. */
  | 'replaced'
  | 'ended_by_user'
  | 'ended_by_administrator'
  | 'refresh_reused'
  | 'not_me'
  | 'password_changed'
  | 'email_changed'
  | 'factor_changed'
  | 'account_disabled'
  | 'account_deleted'
  | 'revoked_by_service'
  /** The database was put back to an earlier moment: it may have ended since. */
  | 'restored';

/** Told, in the transaction, that all sessions of a user are ended. */
export type AllEnded = (
  userId: string,
  reason: EndReason,
  actor: string | undefined,
) => Promise<void>;

/** What hardly ever changes in a session, and whether it has ended. */
export type Standing = Pick<
  Session,
  'id' | 'userId' | 'salt' | 'authTime' | 'amr' | 'expiresAt' | 'endedAt'
>;

/** Where a family stands; moved by each refresh. */
export type Rotation = Pick<Session, 'generation' | 'rotatedAt' | 'idleExpiresAt'>;

const KEPT_SESSIONS = 20_000;
const COMPARED_ADDRESSES = 500;
const RECORDED_AT_ONCE = 500;
/** How many rows one query counts: about a millisecond, in which nobody else is answered. */
const COUNTED_AT_ONCE = 1000;

/** Owner of the table Session. Every way a session ends goes through here and evicts. */
@Injectable()
export class Sessions {
  readonly #standings = new EvictingCache<Standing>(KEPT_SESSIONS);
  readonly #onAllEnded: AllEnded[] = [];
  /** Of the sessions that are asked for by cookie only. */
  readonly #rotations = new EvictingCache<Rotation>(KEPT_SESSIONS);

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly endedSessions: EndedSessions,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {
    database.onForeignChange(() => {
      this.#standings.clear();
      this.#rotations.clear();
    });
  }

  /** Whatever else a sign-in has left behind goes with all sessions: `listener` sees to it. */
  onAllEnded(listener: AllEnded): void {
    this.#onAllEnded.push(listener);
  }

  /**
   * Begins a session of generation 0 on the device of the present request.
   *
   * @param authTime when the person proved all of who they are; undefined: now
   */
  async start(userId: string, amr: readonly string[], authTime?: Date): Promise<Session> {
    const now = this.clock.now();
    const userAgent = currentUserAgent();
    const [session] = await this.database.query<Session>`
      INSERT INTO "Session" ("id", "userId", "generation", "salt", "createdAt", "rotatedAt",
                             "lastUsedAt", "idleExpiresAt", "expiresAt", "userAgent", "ip",
                             "label", "amr", "authTime")
      VALUES (${uuidv7(now)}, ${userId}, 0, ${randomBytes(32)}, ${now}, ${now},
              ${now}, ${later(now, this.config.sessionIdleTtl)},
              ${later(now, this.config.sessionTtl)}, ${userAgent}, ${currentAddress()},
              ${deviceLabel(userAgent)}, ${amr.join(' ')}, ${authTime ?? now})
      RETURNING *`;
    return session!;
  }

  /**
   * Whether no other session of the user that is still kept came from a device of this label in
   * this network. Within IPv6 networks, where each address differs, only so many are compared.
   */
  async isNewDevice({ id, userId, label, ip }: Session): Promise<boolean> {
    const [same] = await this.database.query<{ found: number }>`
      SELECT EXISTS (
        SELECT 1 FROM "Session"
        WHERE "userId" = ${userId} AND "id" <> ${id} AND "label" IS ${label} AND "ip" IS ${ip}
      ) AS "found"`;
    if (same!.found === 1) return false;
    if (!ip?.includes(':')) return true;
    const others = await this.database.query<{ ip: string | null }>`
      SELECT "ip" FROM "Session"
      WHERE "userId" = ${userId} AND "id" <> ${id} AND "label" IS ${label}
      LIMIT ${COMPARED_ADDRESSES}`;
    const network = clientNetwork(ip);
    return !others.some((other) => clientNetwork(other.ip ?? '') === network);
  }

  /** Whether the session stands, from memory when it is known there. */
  standing(id: string): Promise<Standing | undefined> {
    const load = async () => {
      const [found] = await this.database.query<Standing>`
        SELECT "id", "userId", "salt", "authTime", "amr", "expiresAt", "endedAt"
        FROM "Session" WHERE "id" = ${id}`;
      return found;
    };
    return this.database.inTransaction ? load() : this.#standings.get(id, load);
  }

  /** {@link standing}, only from memory. */
  peek(id: string): Standing | undefined {
    return this.#standings.peek(id);
  }

  /** Where the family stands, from memory when it is known there. */
  rotation(id: string): Promise<Rotation | undefined> {
    return this.#rotations.get(id, async () => {
      const [found] = await this.database.query<Rotation>`
        SELECT "generation", "rotatedAt", "idleExpiresAt" FROM "Session" WHERE "id" = ${id}`;
      return found;
    });
  }

  /** The whole row, always from the database. */
  async find(id: string): Promise<Session | undefined> {
    const [found] = await this.database.query<Session>`SELECT * FROM "Session" WHERE "id" = ${id}`;
    return found;
  }

  /**
   * Moves the family from `generation` to the next, if nobody else has and the session stands.
   * Whoever races, one call gets true.
   */
  async rotate(session: Standing, generation: number): Promise<boolean> {
    const now = this.clock.now();
    const idleExpiresAt = this.idleExpiry(session, now);
    const rotated = await this.database.execute`
      UPDATE "Session"
      SET "generation" = ${generation + 1}, "rotatedAt" = ${now}, "lastUsedAt" = ${now},
          "idleExpiresAt" = ${idleExpiresAt}
      WHERE "id" = ${session.id} AND "generation" = ${generation} AND "endedAt" IS NULL
        AND "idleExpiresAt" > ${now} AND "expiresAt" > ${now}`;
    this.database.afterCommit(() => this.#rotations.evict(session.id));
    return rotated === 1;
  }

  /** When a session used at `now` goes idle; never after its end. */
  idleExpiry(session: Pick<Session, 'expiresAt'>, now: Date): Date {
    const idle = later(now, this.config.sessionIdleTtl);
    return idle < session.expiresAt ? idle : session.expiresAt;
  }

  /**
   * Notes that the person has just proved again who they are, with these methods beside the earlier
   * ones. False: the session has ended.
   */
  async proveAgain(session: Standing, methods: readonly string[]): Promise<boolean> {
    const amr = [...new Set([...session.amr.split(' '), ...methods])].join(' ');
    const proved = await this.database.execute`
      UPDATE "Session" SET "authTime" = ${this.clock.now()}, "amr" = ${amr}
      WHERE "id" = ${session.id} AND "endedAt" IS NULL`;
    this.database.afterCommit(() => this.#standings.evict(session.id));
    return proved === 1;
  }

  /** False when it had ended before. */
  async end(
    session: { id: string; userId: string },
    reason: EndReason,
    actor: string | undefined,
  ): Promise<boolean> {
    return this.database.transaction(async () => {
      const now = this.clock.now();
      const ended = await this.database.execute`
        UPDATE "Session" SET "endedAt" = ${now}, "endReason" = ${reason}
        WHERE "id" = ${session.id} AND "endedAt" IS NULL`;
      this.database.afterCommit(() => this.#standings.evict(session.id));
      if (ended === 0) return false;
      await this.endedSessions.add([session.id], now);
      await this.audit.record({
        type: 'session.ended',
        actor,
        subject: session.userId,
        after: { session: session.id, reason },
      });
      return true;
    });
  }

  /** Ends all sessions of a user, except one if it is named. Gives how many ended. */
  async endAll(
    userId: string,
    reason: EndReason,
    actor: string | undefined,
    exceptId?: string,
  ): Promise<number> {
    return this.database.transaction(async () => {
      const now = this.clock.now();
      const ended = await this.database.query<{ id: string }>`
        UPDATE "Session" SET "endedAt" = ${now}, "endReason" = ${reason}
        WHERE "userId" = ${userId} AND "endedAt" IS NULL AND "id" <> ${exceptId ?? ''}
        RETURNING "id"`;
      this.database.afterCommit(() => {
        for (const { id } of ended) this.#standings.evict(id);
      });
      if (ended.length > 0) {
        await this.endedSessions.add(
          ended.map(({ id }) => id),
          now,
        );
        await this.audit.record({
          type: 'session.ended',
          actor,
          subject: userId,
          after: { sessions: ended.length, reason },
        });
      }
      for (const listener of this.#onAllEnded) await listener(userId, reason, actor);
      return ended.length;
    });
  }

  /** Ends the sessions of everybody. Gives how many ended. */
  async endEverybodys(reason: EndReason): Promise<number> {
    return this.database.transaction(async () => {
      const now = this.clock.now();
      const ended = await this.database.query<{ id: string; userId: string }>`
        UPDATE "Session" SET "endedAt" = ${now}, "endReason" = ${reason}
        WHERE "endedAt" IS NULL RETURNING "id", "userId"`;
      await this.endedSessions.add(
        ended.map(({ id }) => id),
        now,
      );
      this.database.afterCommit(() => this.#standings.clear());
      const byUser = new Map<string, number>();
      for (const { userId } of ended) byUser.set(userId, (byUser.get(userId) ?? 0) + 1);
      const lines = [...byUser].map(([subject, sessions]) => ({
        type: 'session.ended' as const,
        subject,
        after: { sessions, reason },
      }));
      while (lines.length > 0) await this.audit.recordAll(lines.splice(0, RECORDED_AT_ONCE));
      return ended.length;
    });
  }

  /** Sessions of a user that stand, oldest first. */
  list(userId: string, after: string | undefined, take: number): Promise<Session[]> {
    return this.database.client.session.findMany({
      where: { ...this.#live(userId), ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  }

  /** Every session of a user that is still kept, also the ended ones, without their secrets. */
  history(userId: string): Promise<Omit<Session, 'salt'>[]> {
    return this.database.client.session.findMany({
      where: { userId },
      omit: { salt: true },
      orderBy: { id: 'asc' },
    });
  }

  count(userId: string): Promise<number> {
    return this.database.client.session.count({ where: this.#live(userId) });
  }

  /** How many sessions stand, of all users; in pieces, so that nobody waits for many of them. */
  async countLive(): Promise<number> {
    const now = this.clock.now();
    let live = 0;
    let after: string | null = '';
    while (after !== null) {
      const [piece]: { live: number; last: string | null }[] = await this.database.query`
        SELECT count(*) FILTER (
                 WHERE "endedAt" IS NULL AND "idleExpiresAt" > ${now} AND "expiresAt" > ${now}
               ) AS "live",
               max("id") AS "last"
        FROM (SELECT * FROM "Session" WHERE "id" > ${after} ORDER BY "id" LIMIT ${COUNTED_AT_ONCE})`;
      live += piece!.live;
      after = piece!.last;
      await othersTurn(); // SQLite answers within one turn of the event loop
    }
    return live;
  }

  /** Whether anybody has ever signed in. */
  async any(): Promise<boolean> {
    return (await this.database.query`SELECT 1 FROM "Session" LIMIT 1`).length > 0;
  }

  /** Deletes sessions that ended or expired before then; yields how many at each step. */
  async *forgetEnded(before: Date): AsyncGenerator<number> {
    for await (const { gt, lte } of stretches(this.database, 'Session')) {
      const forgotten = await this.database.query<{ id: string }>`
        DELETE FROM "Session"
        WHERE "id" > ${gt} AND "id" <= ${lte}
          AND ("endedAt" < ${before} OR "idleExpiresAt" < ${before} OR "expiresAt" < ${before})
        RETURNING "id"`;
      for (const { id } of forgotten) this.#standings.evict(id);
      yield forgotten.length;
    }
  }

  #live(userId: string): Prisma.SessionWhereInput {
    const now = this.clock.now();
    return { userId, endedAt: null, expiresAt: { gt: now }, idleExpiresAt: { gt: now } };
  }
}
