import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../common/access/principal.js';
import { Problem } from '../common/errors/problem.js';
import { StandingCheck } from '../auth/schemes/standing.js';

/** Exports and live tails of one person at once. */
const PER_PERSON = 5;
/** Of everybody. */
const IN_ALL = 60;
/** Whoever is refused should try again after so many seconds. */
const RETRY_AFTER = '5';

/** What every reader of these answers needs. */
const PERMISSION = 'audit:read';

/**
 * Answers that go on for as long as somebody reads: how many there may be, and whether their readers
 * may still read.
 */
@Injectable()
export class LastingAnswers {
  readonly #open = new Map<Readable, string>();

  constructor(private readonly standing: StandingCheck) {}

  /** @throws Problem rate_limited when the person has too many, overloaded when all together have */
  mayBegin({ userId }: Principal): void {
    if (this.#open.size >= IN_ALL) {
      throw new Problem('overloaded', { headers: { 'retry-after': RETRY_AFTER } });
    }
    const own = [...this.#open.values()].filter((other) => other === userId).length;
    if (own < PER_PERSON) return;
    // draft-ietf-httpapi-ratelimit-headers-11: qu is what is counted.
    throw new Problem('rate_limited', {
      detail: `At most ${PER_PERSON} exports and live tails can be open at once. Close one first.`,
      headers: {
        'retry-after': RETRY_AFTER,
        'ratelimit-policy': `"audit-streams";q=${PER_PERSON};qu="concurrent-requests"`,
        ratelimit: '"audit-streams";r=0',
      },
    });
  }

  /** Counts the answer until it is closed. */
  begin<Answer extends Readable>(principal: Principal, answer: Answer): Answer {
    this.#open.set(answer, principal.userId);
    answer.once('close', () => this.#open.delete(answer));
    return answer;
  }

  /** Whether the reader may read on. */
  mayGoOn(principal: Principal): Promise<boolean> {
    return this.standing.stillHolds(principal, PERMISSION);
  }
}
