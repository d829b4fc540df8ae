import { describe, expect, it } from 'vitest';
import { isHopeless, mailPause, serverPause } from './backoff.js';

describe('backing off', () => {
  it('doubles while the server is away, up to 30 seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map(serverPause)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
  });

  it('keeps one mail waiting for less than a minute, however often it was put off', () => {
    expect([1, 2, 3, 6, 7, 5000].map(mailPause)).toEqual([
      1000, 2000, 4000, 32_000, 50_000, 50_000,
    ]);
  });

  it('gives a mail up that was put off for three days', () => {
    const created = new Date('2026-11-22T00:00:00Z');
    expect(isHopeless(created, new Date('2026-11-25T00:00:00Z'))).toBe(false);
    expect(isHopeless(created, new Date('2026-11-25T00:00:01Z'))).toBe(true);
  });
});
