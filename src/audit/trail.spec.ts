import { describe, expect, it } from 'vitest';
import { turnsDuring } from '../../test/support/turns.js';
import type { Database } from '../database/database.js';
import { Trail, type TrailEvent } from './trail.js';

const PIECES = 40;
const PIECE = 500;

/** Answers at once, as the real one does: nothing but its reader lets the event loop turn. */
function trailOf(pieces: number): Trail {
  let given = 0;
  const query = (strings: TemplateStringsArray): Promise<unknown[]> => {
    if (strings.join('').includes('max("seq")')) return Promise.resolve([{ seq: pieces * PIECE }]);
    if (given === pieces) return Promise.resolve([]);
    const from = given++ * PIECE;
    const at = new Date(0);
    return Promise.resolve(Array.from({ length: PIECE }, (_, nr) => ({ seq: from + nr + 1, at })));
  };
  return new Trail({ query } as unknown as Database);
}

describe('the whole audit trail', () => {
  it('is read without keeping everybody else waiting, however fast it is taken', async () => {
    const trail = trailOf(PIECES);
    const seen: TrailEvent[] = [];
    const turns = await turnsDuring(async () => {
      for await (const piece of trail.pieces({})) seen.push(...piece);
    });
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, nr) => nr + 1));
    expect(seen).toHaveLength(PIECES * PIECE);
    expect(turns).toBeGreaterThanOrEqual(PIECES - 1);
  });
});
