import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Audit } from '../audit/audit.js';
import type { Trail } from '../audit/trail.js';
import type { StandingCheck } from '../auth/schemes/standing.js';
import { Clock } from '../clock.js';
import type { Principal } from '../common/access/principal.js';
import type { Database } from '../database/database.js';
import { LastingAnswers } from './lasting-answers.js';
import { LiveTails } from './live-tails.js';

describe('a live tail on which nothing happens', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends within a second when its reader may not read on', async () => {
    let holds = true;
    const standing = { stillHolds: () => Promise.resolve(holds) };
    const tails = new LiveTails(
      { newestSeq: () => Promise.resolve(0), since: () => Promise.resolve([]) } as unknown as Trail,
      new LastingAnswers(standing as unknown as StandingCheck),
      new Clock(),
      { onRecorded: () => {} } as unknown as Audit,
      { onForeignChange: () => {} } as unknown as Database,
    );
    const tail = await tails.open({ userId: 'ada' } as Principal, {}, undefined);
    tail.resume();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tail.readableEnded).toBe(false);
    holds = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(tail.readableEnded).toBe(true);
  });
});
