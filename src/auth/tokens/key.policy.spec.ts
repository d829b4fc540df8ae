import { describe, expect, it } from 'vitest';
import { later } from '../../clock.js';
import { dueSteps, isRotationWanted, type KeyDates, lastTokenEnds, readyAt } from './key.policy.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = new Date('2026-03-01T00:00:00Z');
const TTL = 15 * MINUTE;
const schedule = { jwtAlgorithm: 'ES256', keyRotation: 90 * DAY } as const;

function key(state: KeyDates['state'], age: number, facts: Partial<KeyDates> = {}): KeyDates {
  const at = later(NOW, -age);
  return {
    alg: 'ES256',
    state,
    createdAt: at,
    activatedAt: state === 'next' ? null : at,
    retiredAt: state === 'retiring' ? at : null,
    tokenTtl: TTL,
    ...facts,
  };
}

function due(keys: KeyDates[], wanted: Parameters<typeof dueSteps>[1] = schedule): string[] {
  return dueSteps(keys, wanted, TTL, NOW);
}

describe('the schedule of signing keys', () => {
  it('has nothing to do while the key is young', () => {
    expect(due([key('active', 89 * DAY), key('next', 89 * DAY)])).toEqual([]);
  });

  it('rotates a key that has signed for as long as it may', () => {
    expect(due([key('active', 90 * DAY), key('next', 90 * DAY)])).toEqual(['rotate']);
  });

  it('counts from when a key began to sign, not from when it was published', () => {
    const active = key('active', 170 * DAY, { activatedAt: later(NOW, -80 * DAY) });
    expect(due([active, key('next', 80 * DAY)])).toEqual([]);
  });

  it('counts from its publication where nobody noted when it began', () => {
    expect(isRotationWanted(key('active', 91 * DAY, { activatedAt: null }), schedule, NOW)).toBe(
      true,
    );
  });

  it('lets no key sign that has not been published for ten minutes', () => {
    const active = key('active', 91 * DAY);
    expect(due([active, key('next', 10 * MINUTE - 1)])).toEqual([]);
    expect(due([active, key('next', 10 * MINUTE)])).toEqual(['rotate']);
    expect(readyAt(key('next', 0))).toEqual(later(NOW, 10 * MINUTE));
  });

  it('publishes a next key where there is none, before anything else', () => {
    expect(due([key('active', 91 * DAY)])).toEqual(['prepare']);
  });

  it('never ends without a schedule', () => {
    const never = { ...schedule, keyRotation: 0 };
    expect(due([key('active', 9999 * DAY), key('next', 9999 * DAY)], never)).toEqual([]);
  });

  it('replaces a next key of another algorithm, and then the active one, whatever its age', () => {
    const rsa = { jwtAlgorithm: 'RS256', keyRotation: 0 } as const;
    const active = key('active', DAY);
    expect(due([active, key('next', DAY)], rsa)).toEqual(['prepare']);
    expect(due([active, key('next', MINUTE, { alg: 'RS256' })], rsa)).toEqual([]);
    expect(due([active, key('next', 10 * MINUTE, { alg: 'RS256' })], rsa)).toEqual(['rotate']);
  });

  it('keeps a key for the life of its tokens, also of those from when they lived longer', () => {
    const two = [key('active', DAY), key('next', DAY)];
    expect(due([...two, key('retiring', 20 * MINUTE - 1)])).toEqual([]);
    expect(due([...two, key('retiring', 20 * MINUTE)])).toEqual(['retire']);
    const longer = key('retiring', 20 * MINUTE, { tokenTtl: 60 * MINUTE });
    expect(due([...two, longer])).toEqual([]);
    expect(lastTokenEnds(longer, TTL)).toEqual(later(NOW, 45 * MINUTE));
  });
});
