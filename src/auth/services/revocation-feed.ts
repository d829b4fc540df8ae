import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, later } from '../../clock.js';
import type { CallingService } from '../../common/access/principal.js';
import { isUuid } from '../../common/crypto/uuid.js';
import { invalid } from '../../common/http/validation.js';
import { Config } from '../../config/config.js';
import { type EndedPlace, EndedSessions } from '../sessions/ended-sessions.js';
import { SignedStatements } from '../tokens/signed-statements.js';

const TYPE = 'revocations+jwt';
/** Entries in one answer: about 90 kB of it. */
const AT_ONCE = 1000;
/** How long an answer may be believed, in seconds: a verifier refuses one that was held back. */
const FRESH_FOR = 300;
/** For verifiers whose clocks are behind, in milliseconds. */
const SKEW = 60_000;

const PLACE = /^(\d{1,15})\.([0-9a-f-]{36})$/;

export interface FeedPage {
  etag: string;
  /** Makes the signed answer: who has it already needs none. */
  feed: () => string;
}

/**
 * Which sessions have ended while access tokens of theirs may be out: what a service that verifies
 * tokens by itself has to know besides the keys.
 *
 * `since` is a place in the order of commits, not a time: nothing is missed between two transactions
 * that commit in another order than they began, or when the clock is set back. A place that the table
 * does not hold, because it is old or of a database that was restored since, gives everything.
 */
@Injectable()
export class RevocationFeed {
  constructor(
    private readonly endedSessions: EndedSessions,
    private readonly statements: SignedStatements,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws Problem validation_failed when `since` is nothing that this feed gave out */
  async page(service: CallingService, since: string | undefined): Promise<FeedPage> {
    const place = await this.#known(since);
    const now = this.clock.now();
    const lifetime = this.config.accessTokenTtl + SKEW;
    const rows = await this.endedSessions.after(
      place?.seq ?? 0,
      later(now, -lifetime),
      AT_ONCE + 1,
    );
    const page = rows.slice(0, AT_ONCE);
    const last = page.at(-1) ?? place ?? (await this.endedSessions.newest());
    const next = last === undefined ? null : `${last.seq}.${last.sessionId}`;
    const iat = Math.floor(now.getTime() / 1000); // some libraries refuse a statement of the next second
    return {
      etag: this.#etag(service, next),
      feed: () =>
        this.statements.sign(TYPE, {
          iss: this.config.publicUrl,
          aud: service.audience,
          iat,
          exp: iat + FRESH_FOR,
          sessions: page.map(({ sessionId, endedAt }) => ({
            sid: sessionId,
            exp: seconds(later(endedAt, lifetime)),
          })),
          next,
          more: rows.length > AT_ONCE,
        }),
    };
  }

  /** The place, when it is still there. */
  async #known(since: string | undefined): Promise<EndedPlace | undefined> {
    if (since === undefined) return undefined;
    const [, seq, sessionId] = PLACE.exec(since) ?? [];
    if (!isUuid(sessionId)) {
      const detail = 'since is nothing that this feed gave out.';
      throw invalid([{ pointer: '/since', code: 'invalid_cursor', detail }]);
    }
    const place = { seq: Number(seq), sessionId };
    return (await this.endedSessions.holds(place)) ? place : undefined;
  }

  /**
   * Of where the answer ends: as long as nothing more has ended it is the same, though each answer is
   * signed anew. Weak for that reason (RFC 9110 section 8.8.1).
   */
  #etag(service: CallingService, next: string | null): string {
    const hash = createHash('sha256').update(`${service.id}\0${this.statements.kid}\0${next}`);
    return `W/"${hash.digest('base64url').slice(0, 22)}"`;
  }
}

function seconds(time: Date): number {
  return Math.ceil(time.getTime() / 1000);
}
