import { describe, expect, it } from 'vitest';
import { turnsDuring } from '../../test/support/turns.js';
import type { TrailEvent } from '../audit/trail.js';
import { Clock } from '../clock.js';
import { LiveTail } from './live-tail.js';

const PAGES = 40;
const PAGE = 100;

/** Answers at once, as the database does. */
function page(after: number): Promise<TrailEvent[]> {
  const length = after < PAGES * PAGE ? PAGE : 0;
  const event = { at: new Date(0), type: 'role.changed', detail: null } as unknown as TrailEvent;
  return Promise.resolve(
    Array.from({ length }, (_, nr) => ({ ...event, id: '', seq: after + nr + 1 })),
  );
}

describe('a live tail of somebody who was away for long', () => {
  it('catches up without keeping everybody else waiting', async () => {
    const tail = new LiveTail(
      {
        since: page,
        mayGoOn: () => Promise.resolve(true),
        isWanted: () => true,
        clock: new Clock(),
      },
      0,
    );
    let text = '';
    const turns = await turnsDuring(async () => {
      for await (const chunk of tail) {
        text += chunk;
        if (text.includes(`id: ${PAGES * PAGE}\n`)) break;
      }
    });
    expect(text.match(/^id: /gm)).toHaveLength(PAGES * PAGE);
    expect(turns).toBeGreaterThanOrEqual(PAGES - 1);
  });
});
