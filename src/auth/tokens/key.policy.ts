import { later } from '../../clock.js';
import type { SigningAlgorithm } from './key-pair.js';

/** How long verifiers may keep the JWKS, in seconds: its Cache-Control says so. */
export const JWKS_MAX_AGE = 300;
/**
 * How long a key is published before it signs, in milliseconds: a cache on the way and the verifier
 * behind it may each keep the JWKS for its whole age.
 */
export const PUBLISHED_AHEAD = 2 * JWKS_MAX_AGE * 1000;
/** How much later than we a verifier may believe that a token ends, in milliseconds. */
const CLOCK_SKEW = 5 * 60_000;

/** What a decision about a key needs to know of it. */
export interface KeyDates {
  alg: string;
  state: 'next' | 'active' | 'retiring';
  createdAt: Date;
  activatedAt: Date | null;
  retiredAt: Date | null;
  tokenTtl: number;
}

/** From when on the next key may sign: by then whoever verifies knows it. */
export function readyAt(next: Pick<KeyDates, 'createdAt'>): Date {
  return later(next.createdAt, PUBLISHED_AHEAD);
}

/** From when on no token lives that the key has signed. */
export function lastTokenEnds({ retiredAt, tokenTtl }: KeyDates, accessTokenTtl: number): Date {
  return later(retiredAt!, Math.max(tokenTtl, accessTokenTtl) + CLOCK_SKEW);
}

export interface KeySchedule {
  jwtAlgorithm: SigningAlgorithm;
  /** Milliseconds; 0: none. */
  keyRotation: number;
}

/** Whether the next key shall take over, once it is ready. A key of another algorithm always. */
export function isRotationWanted(active: KeyDates, schedule: KeySchedule, now: Date): boolean {
  if (active.alg !== schedule.jwtAlgorithm) return true;
  if (schedule.keyRotation === 0) return false;
  return later(active.activatedAt ?? active.createdAt, schedule.keyRotation) <= now;
}

/** What is to be done at this moment, most urgent first. */
export function dueSteps(
  keys: readonly KeyDates[],
  schedule: KeySchedule,
  accessTokenTtl: number,
  now: Date,
): ('prepare' | 'rotate' | 'retire')[] {
  const next = keys.find(({ state }) => state === 'next');
  const active = keys.find(({ state }) => state === 'active');
  const fits = next?.alg === schedule.jwtAlgorithm;
  const over = (key: KeyDates) =>
    key.state === 'retiring' && lastTokenEnds(key, accessTokenTtl) <= now;
  return [
    ...(!fits ? (['prepare'] as const) : []),
    ...(fits && readyAt(next) <= now && active && isRotationWanted(active, schedule, now)
      ? (['rotate'] as const)
      : []),
    ...(keys.some(over) ? (['retire'] as const) : []),
  ];
}
