import { Injectable } from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { currentRequest } from '../../common/http/request-context.js';
import { Database } from '../../database/database.js';
import { stretches } from '../../database/stretches.js';
import { type OutboxMail, OutboxState, Prisma } from '../../generated/prisma/client.js';
import { wantedLanguage } from '../templates/languages.js';
import type { FilledTemplate, MailTemplate, MailTemplates } from '../templates/mail-templates.js';
import { LONGEST_PAUSE } from './backoff.js';
import { OrderedIds } from './ordered-ids.js';

/** Somebody asked for this mail; whether there will be one is not decided. */
export interface RequestedMail {
  id: string;
  template: string;
  recipientKey: string;
  attempts: number;
  createdAt: Date;
  /** Encrypted; of a request its {@link RequestFacts}, of a mail what it is filled with. */
  data: Uint8Array | null;
}

/** What the decision about a request has to know beside the address. Plain JSON. */
export interface RequestFacts {
  /** Id of the one-time token the request is about. */
  oneTimeTokenId?: string;
  /** The sign-in a code is asked for. */
  signIn?: {
    /** SHA-256, as base64url, of what has to be sent with the code. */
    tokenHash: string;
    /** ISO 8601. */
    at: string;
    device: string | null;
    ip: string | null;
  };
}

/** A mail this process alone may send, until the claim runs out. */
export interface ClaimedMail extends RequestedMail {
  recipient: string;
  /** Language tag that whoever caused the mail would rather read. */
  language: string | null;
  claimedUntil: Date;
}

/** What a request is answered with: perhaps another mail than was asked for. */
export type DecidedMail = FilledTemplate & { recipient: string };

/**
 * What a stranger can ask for. Each is answered by a mail of a kind the decision chooses: a
 * registration by `verify-email`, `registered-again` or `already-registered`, or an `invitation`.
 */
export type MailRequestKind =
  'registration' | 'verify-email' | 'reset-password' | 'change-email' | 'sign-in-code';

/**
 * How long a claim lasts, in milliseconds: longer than the longest attempt to send, and so short
 * that a mail whose process died goes out within a minute all the same, looks of the others included.
 */
export const CLAIM = 45_000;
/** What the outbox has still to do. */
export interface Backlog {
  counts: Record<'requested' | 'queued' | 'sending' | 'dead', number>;
  /** When the mail that waits longest was asked for; undefined: none waits. */
  oldest: Date | undefined;
}

/** Among how many mails under way the oldest is looked for: with more there is trouble enough. */
const LOOKED_AT = 5000;

const UNDER_WAY = [OutboxState.requested, OutboxState.queued, OutboxState.sending];
/** Decided for: each is a mail that somebody got or will get. */
const MAILED = [OutboxState.queued, OutboxState.sending, OutboxState.sent, OutboxState.dead];
const FINISHED = [OutboxState.sent, OutboxState.dropped, OutboxState.dead];

/**
 * Owner of the table OutboxMail: mails are written with the change that causes them and sent
 * later, so that neither is ever there without the other and no request waits for a mail server.
 *
 * The column `template` names what was asked for; what is sent stands, encrypted, in `data`.
 */
@Injectable()
export class Outbox {
  readonly #ids = new OrderedIds();
  readonly #onWork: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes that somebody who need not be the recipient asked for a mail. Whether and what to send
   * is decided later ({@link MailRequests}), so that known and unknown addresses cost the same.
   *
   * @param recipient the address as typed
   * @param recipientKey its canonical form (`canonicalEmail`)
   */
  async request(
    kind: MailRequestKind,
    recipient: string,
    recipientKey: string,
    facts?: RequestFacts,
  ): Promise<void> {
    const language = languageOfRequest();
    await this.#insert(OutboxState.requested, kind, recipient, recipientKey, language, facts);
  }

  /** What was noted with a request. */
  factsOf(mail: RequestedMail): RequestFacts {
    if (mail.data === null) return {};
    return JSON.parse(
      this.masterKey.open('mail-at-rest', mail.id, mail.data).toString(),
    ) as RequestFacts;
  }

  /**
   * Sends a mail, once the transaction it is called in (if any) has been committed. For an account
   * that has not said which language it wants, one that tells of something that happened is written
   * in English, and any other in the language of the present request.
   */
  async send<Name extends MailTemplate>(
    template: Name,
    recipient: string,
    recipientKey: string,
    data: MailTemplates[Name],
  ): Promise<void> {
    // Who made something happen to an account is perhaps a thief: the language is theirs.
    const language = 'at' in data ? null : languageOfRequest();
    await this.#insert(OutboxState.queued, template, recipient, recipientKey, language, {
      template,
      data,
    });
  }

  /** Calls `listener` whenever there may be something to do. */
  onWork(listener: () => void): void {
    this.#onWork.push(listener);
  }

  /** Mails asked for and neither sent nor decided against; of one address, or of all. */
  underWay(recipientKey?: string): Promise<number> {
    const ofAddress =
      recipientKey === undefined ? Prisma.empty : Prisma.sql`AND "recipientKey" = ${recipientKey}`;
    return this.#count(Prisma.sql`"state" IN (${Prisma.join(UNDER_WAY)}) ${ofAddress}`);
  }

  /** How many mails wait in each state, or were given up, and when the oldest was asked for. */
  async backlog(): Promise<Backlog> {
    const counted = await this.database.query<{
      state: keyof Backlog['counts'];
      count: number | bigint;
    }>`
      SELECT "state", count(*) AS "count" FROM "OutboxMail"
      WHERE "state" IN ('requested', 'queued', 'sending', 'dead') GROUP BY "state"`;
    const counts = { requested: 0, queued: 0, sending: 0, dead: 0 };
    for (const { state, count } of counted) counts[state] = Number(count);
    const [row] = await this.database.query<{ oldest: string | null }>`
      SELECT min("createdAt") AS "oldest" FROM (
        SELECT "createdAt" FROM "OutboxMail"
        WHERE "state" IN ('requested', 'queued', 'sending') LIMIT ${LOOKED_AT})`;
    const { oldest } = row!;
    return { counts, oldest: oldest === null ? undefined : new Date(oldest) };
  }

  /** How many of the mails asked for since then, of this kind, were not decided against. */
  countMailed(recipientKey: string, kind: string, since: Date): Promise<number> {
    return this.#count(Prisma.sql`"recipientKey" = ${recipientKey} AND "createdAt" > ${since}
      AND "createdAt" <= ${this.clock.now()} AND "template" = ${kind} AND "state" IN (${Prisma.join(MAILED)})`);
  }

  /** Which mails the address was sent, or asked for, as far as that is still kept. */
  history(
    recipientKey: string,
  ): Promise<Pick<OutboxMail, 'template' | 'recipient' | 'state' | 'createdAt' | 'sentAt'>[]> {
    return this.database.client.outboxMail.findMany({
      where: { recipientKey },
      select: { template: true, recipient: true, state: true, createdAt: true, sentAt: true },
      orderBy: { id: 'asc' },
    });
  }

  /** Deletes what was sent to the address, and what is written for it but not yet being sent. */
  async forget(recipientKey: string): Promise<void> {
    await this.database.client.outboxMail.deleteMany({
      where: { recipientKey, state: { in: [...FINISHED, OutboxState.queued] } },
    });
  }

  /** The request that has waited longest; undefined when none was due at `now`. */
  async nextRequested(now: Date): Promise<RequestedMail | undefined> {
    const [mail] = await this.database.query<RequestedMail>`
      SELECT "id", "template", "recipientKey", "attempts", "createdAt", "data" FROM "OutboxMail"
      WHERE "state" = 'requested' AND ${isDue(now)}
      ORDER BY "nextAttemptAt", "id" LIMIT 1`;
    return mail;
  }

  /**
   * Answers a request, once: `decide` runs in the transaction that makes it a mail or drops it.
   * Of several processes only one gets to decide.
   */
  async decide(
    id: string,
    decide: () => Promise<DecidedMail | undefined>,
  ): Promise<'queued' | 'dropped' | 'decided-elsewhere'> {
    return this.database.transaction(async () => {
      const dropped = await this.database.execute`
        UPDATE "OutboxMail" SET "state" = 'dropped', "data" = NULL
        WHERE "id" = ${id} AND "state" = 'requested'`;
      if (dropped === 0) return 'decided-elsewhere';
      const decided = await decide();
      if (decided === undefined) return 'dropped';

      const { recipient, ...filled } = decided;
      await this.database.execute`
        UPDATE "OutboxMail"
        SET "state" = 'queued', "recipient" = ${recipient}, "data" = ${this.#seal(id, filled)},
            "attempts" = 0, "nextAttemptAt" = ${this.clock.now()}
        WHERE "id" = ${id}`;
      this.#wakeAfterCommit();
      return 'queued';
    });
  }

  /** A request that could not be decided is tried again at `at`. */
  async postponeDecision(mail: RequestedMail, at: Date): Promise<void> {
    await this.database.client.outboxMail.updateMany({
      where: { id: mail.id, state: OutboxState.requested },
      data: { attempts: { increment: 1 }, nextAttemptAt: at, lastError: 'undecided' },
    });
  }

  /** A request that nobody could decide for days is given up. */
  async buryRequest(mail: RequestedMail): Promise<void> {
    await this.database.client.outboxMail.updateMany({
      where: { id: mail.id, state: OutboxState.requested },
      data: { state: OutboxState.dead, lastError: 'undecided' },
    });
  }

  /**
   * Claims the mail that is due longest, also one whose claim has run out because its process
   * died. One guarded statement: however many processes ask, one gets it.
   */
  async claim(): Promise<ClaimedMail | undefined> {
    const now = this.clock.now();
    const claimedUntil = later(now, CLAIM);
    const [claimed] = await this.database.light.query<ClaimedMail>`
      UPDATE "OutboxMail" SET "state" = 'sending', "claimedUntil" = ${claimedUntil}
      WHERE "id" = (
        SELECT "id" FROM "OutboxMail"
        WHERE "state" IN ('queued', 'sending') AND ${isDue(now)} AND ${isFree(now)}
        ORDER BY "nextAttemptAt", "id" LIMIT 1)
        AND ${isFree(now)}
      RETURNING "id", "template", "recipient", "language", "recipientKey", "attempts",
                "createdAt", "data", "claimedUntil"`;
    return claimed;
  }

  /**
   * What the mail is filled with.
   *
   * @throws when it cannot be decrypted: another master key, or a changed row
   */
  open(mail: ClaimedMail): FilledTemplate {
    if (mail.data === null) throw new Error('The mail has no data.');
    return JSON.parse(
      this.masterKey.open('mail-at-rest', mail.id, mail.data).toString(),
    ) as FilledTemplate;
  }

  /** The mail server has it. Holds also when the claim has run out meanwhile. */
  async markSent(mail: ClaimedMail): Promise<void> {
    await this.database.light.execute`
      UPDATE "OutboxMail"
      SET "state" = 'sent', "sentAt" = ${this.clock.now()}, "data" = NULL, "claimedUntil" = NULL,
          "lastError" = NULL
      WHERE "id" = ${mail.id} AND "state" = 'sending'`;
  }

  /**
   * Gives a claimed mail back, to be tried again at `at`.
   *
   * @param counts whether the attempt failed for a reason of this mail's own
   * @param reason short and safe to show: no address, no token, nothing the mail server wrote
   */
  async postpone(mail: ClaimedMail, at: Date, counts: boolean, reason: string): Promise<void> {
    await this.database.client.outboxMail.updateMany({
      where: { id: mail.id, state: OutboxState.sending, claimedUntil: mail.claimedUntil },
      data: {
        state: OutboxState.queued,
        attempts: { increment: counts ? 1 : 0 },
        nextAttemptAt: at,
        claimedUntil: null,
        lastError: reason,
      },
    });
  }

  /** Gives a claimed mail up. Its data is erased, unless it may be readable with another key. */
  async bury(mail: ClaimedMail, reason: string, data: 'erase' | 'keep' = 'erase'): Promise<void> {
    await this.database.client.outboxMail.updateMany({
      where: { id: mail.id, state: OutboxState.sending, claimedUntil: mail.claimedUntil },
      data: {
        state: OutboxState.dead,
        claimedUntil: null,
        lastError: reason,
        ...(data === 'erase' ? { data: null } : {}),
      },
    });
  }

  /**
   * Deletes mails that were asked for before then and are sent, dropped or dead: who got mail when
   * is not kept for ever. Yields how many at each step.
   *
   * @param droppedBefore the same for those that are dropped, later than `before`
   */
  async *forgetFinished(before: Date, droppedBefore: Date): AsyncGenerator<number> {
    for await (const id of stretches(this.database, 'OutboxMail')) {
      const { count } = await this.database.client.outboxMail.deleteMany({
        where: {
          id,
          OR: [
            { state: { in: FINISHED }, createdAt: { lt: before } },
            { state: OutboxState.dropped, createdAt: { lt: droppedBefore } },
          ],
        },
      });
      yield count;
    }
  }

  async #insert(
    state: OutboxState,
    template: MailRequestKind | MailTemplate,
    recipient: string,
    recipientKey: string,
    language: string | null,
    content?: RequestFacts | { template: MailTemplate; data: MailTemplates[MailTemplate] },
  ): Promise<void> {
    const now = this.clock.now();
    const id = this.#ids.next(now);
    const data = content === undefined ? null : this.#seal(id, content);
    await this.database.execute`
      INSERT INTO "OutboxMail" ("id", "recipient", "recipientKey", "template", "state", "language",
                                "attempts", "nextAttemptAt", "createdAt", "data")
      VALUES (${id}, ${recipient}, ${recipientKey}, ${template}, ${state}, ${language},
              0, ${now}, ${now}, ${data})`;
    this.#wakeAfterCommit();
  }

  async #count(condition: Prisma.Sql): Promise<number> {
    const [row] = await this.database.query<{ mails: number }>`
      SELECT COUNT(*) AS "mails" FROM "OutboxMail" WHERE ${condition}`;
    return row!.mails;
  }

  #seal(id: string, filled: object): Uint8Array<ArrayBuffer> {
    return this.masterKey.seal('mail-at-rest', id, Buffer.from(JSON.stringify(filled)));
  }

  #wakeAfterCommit(): void {
    this.database.afterCommit(() => {
      for (const listener of this.#onWork) listener();
    });
  }
}

function languageOfRequest(): string | null {
  return wantedLanguage(currentRequest()?.headers['accept-language']) ?? null;
}

/** No mail is put off for longer: one that is due later was put off before the clock was set back. */
function isDue(now: Date): Prisma.Sql {
  return Prisma.sql`("nextAttemptAt" <= ${now} OR "nextAttemptAt" > ${later(now, LONGEST_PAUSE)})`;
}

/** Not claimed, or by a process that died, or long before the clock was set back. */
function isFree(now: Date): Prisma.Sql {
  return Prisma.sql`("state" = 'queued' OR "claimedUntil" <= ${now}
    OR "claimedUntil" > ${later(now, 2 * CLAIM)})`;
}
