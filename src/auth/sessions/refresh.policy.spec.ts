import { describe, expect, it } from 'vitest';
import { later } from '../../clock.js';
import { refreshVerdict, type RefreshVerdict } from './refresh.policy.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const GRACE = 10_000;
const DAY = 86_400_000;

/** A family that stands at generation 5, and got there a second ago. */
const FAMILY = {
  generation: 5,
  rotatedAt: later(NOW, -1000),
  endedAt: null,
  idleExpiresAt: later(NOW, 14 * DAY),
  expiresAt: later(NOW, 90 * DAY),
};

function verdict(
  generation: number,
  changes: object = {},
  grace = GRACE,
  waited = 0,
): RefreshVerdict {
  return refreshVerdict({ ...FAMILY, ...changes }, generation, NOW, grace, waited);
}

describe('a genuine refresh token that did not rotate its family', () => {
  it('gets the same successor when it was the last to be used, a moment ago', () => {
    expect(verdict(4)).toBe('same-successor');
  });

  it.each([
    [0, 'same-successor'],
    [9999, 'same-successor'],
    [10_000, 'reused'],
    [3_600_000, 'reused'],
  ])('used %i ms ago: %s', (age, expected) => {
    expect(verdict(4, { rotatedAt: later(NOW, -age) })).toBe(expected);
  });

  it.each([
    [9999, 'same-successor'],
    [10_000, 'reused'],
    [3_600_000, 'reused'],
  ])('used %i ms from now, by a clock that was set back since: %s', (ahead, expected) => {
    expect(verdict(4, { rotatedAt: later(NOW, ahead) })).toBe(expected);
  });

  it('never gets it without a grace', () => {
    expect(verdict(4, { rotatedAt: NOW }, 0)).toBe('reused');
    expect(verdict(4, { rotatedAt: NOW }, 0, 5000)).toBe('reused');
  });

  it.each([
    [12_000, 2000, 'reused'],
    [12_000, 2001, 'same-successor'],
    [12_000, 30_000, 'same-successor'],
  ])('used %i ms ago, and kept waiting here for %i ms: %s', (age, waited, expected) => {
    expect(verdict(4, { rotatedAt: later(NOW, -age) }, GRACE, waited)).toBe(expected);
  });

  it.each([0, 1, 2, 3])(
    'of generation %i is reused, however short ago: its successor was used',
    (generation) => {
      expect(verdict(generation)).toBe('reused');
    },
  );

  it.each([5, 6, 4_294_967_295])(
    'of generation %i is newer than the family knows',
    (generation) => {
      expect(verdict(generation)).toBe('unknown-generation');
    },
  );

  it.each(['idleExpiresAt', 'expiresAt'])('is expired from %s on, and no alarm', (end) => {
    for (const generation of [0, 4, 5]) {
      expect(verdict(generation, { [end]: NOW })).toBe('expired');
      expect(verdict(generation, { [end]: later(NOW, 1) })).not.toBe('expired');
    }
  });

  it('has ended with its session, and no alarm, expired or not', () => {
    const endedAt = later(NOW, -1);
    for (const generation of [0, 4, 5, 9]) {
      expect(verdict(generation, { endedAt })).toBe('ended');
      expect(verdict(generation, { endedAt, expiresAt: NOW })).toBe('ended');
    }
  });
});
