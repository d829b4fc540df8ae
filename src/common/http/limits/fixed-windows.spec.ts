import { describe, expect, it } from 'vitest';
import { FixedWindows } from './fixed-windows.js';

const MINUTE = 60_000;
const NOON = Date.parse('2026-01-01T12:00:00Z');

describe('a window', () => {
  it('begins with the first hit and counts each further one', () => {
    const windows = new FixedWindows(MINUTE);
    expect({ ...windows.hit('a', NOON) }).toEqual({ count: 1, endsAt: NOON + MINUTE });
    expect({ ...windows.hit('a', NOON + 59_999) }).toEqual({ count: 2, endsAt: NOON + MINUTE });
  });

  it('is over at its end, whatever was hit in it, and the next hit begins another', () => {
    const windows = new FixedWindows(MINUTE);
    for (let i = 0; i < 1000; i++) windows.hit('a', NOON + i);
    expect(windows.peek('a', NOON + MINUTE - 1)?.count).toBe(1000);
    expect(windows.peek('a', NOON + MINUTE)).toBeUndefined();
    const next = windows.hit('a', NOON + MINUTE);
    expect({ ...next }).toEqual({ count: 1, endsAt: NOON + 2 * MINUTE });
  });

  it('counts its own key only', () => {
    const windows = new FixedWindows(MINUTE);
    windows.hit('a', NOON);
    expect(windows.hit('b', NOON).count).toBe(1);
    expect(windows.hit('__proto__', NOON).count).toBe(1);
  });

  it('is not counted by a look', () => {
    const windows = new FixedWindows(MINUTE);
    expect(windows.peek('a', NOON)).toBeUndefined();
    windows.hit('a', NOON);
    windows.peek('a', NOON);
    expect(windows.peek('a', NOON)?.count).toBe(1);
  });

  it('does not last longer when the clock is set back', () => {
    const windows = new FixedWindows(MINUTE);
    windows.hit('a', NOON);
    const dayBefore = NOON - 86_400_000;
    expect(windows.peek('a', dayBefore)).toBeUndefined();
    expect({ ...windows.hit('a', dayBefore) }).toEqual({ count: 1, endsAt: dayBefore + MINUTE });
  });

  it('is kept until its end however often others begin', () => {
    const windows = new FixedWindows(MINUTE, 1000);
    for (let second = 0; second < 600; second++) {
      const now = NOON + second * 1000;
      expect(windows.hit('steady', now).count).toBe((second % 60) + 1);
      windows.hit(`other ${second}`, now);
    }
  });
});

describe('memory', () => {
  it('holds no more keys than its capacity, whoever comes', () => {
    const windows = new FixedWindows(MINUTE, 50_000);
    for (let i = 0; i < 200_000; i++) {
      windows.hit(`key ${i}`, NOON);
      if (i % 1000 === 0) expect(windows.size).toBeLessThanOrEqual(50_000);
    }
    expect(windows.size).toBeLessThanOrEqual(50_000);
    expect(windows.size).toBeGreaterThanOrEqual(25_000);
  });

  it('forgets idle keys first: a flood of new ones does not free one that goes on', () => {
    const windows = new FixedWindows(MINUTE, 50_000);
    windows.hit('idle', NOON);
    for (let i = 0; i < 200_000; i++) {
      windows.hit(`key ${i}`, NOON);
      if (i % 10_000 === 0) windows.hit('busy', NOON);
    }
    expect(windows.peek('busy', NOON)?.count).toBe(20);
    expect(windows.peek('idle', NOON)).toBeUndefined();
    expect(windows.peek('key 199999', NOON)?.count).toBe(1);
  });

  it('is given back once the windows have ended', () => {
    const windows = new FixedWindows(MINUTE, 50_000);
    for (let i = 0; i < 40_000; i++) windows.hit(`key ${i}`, NOON);
    windows.hit('later', NOON + MINUTE);
    windows.hit('later', NOON + 2 * MINUTE);
    expect(windows.size).toBeLessThanOrEqual(2);
  });
});
