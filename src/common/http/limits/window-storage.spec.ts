import { expect, it } from 'vitest';
import { Clock } from '../../../clock.js';
import { WindowStorage } from './window-storage.js';

class StoppedClock extends Clock {
  at = Date.parse('2026-01-01T12:00:00Z');

  override now(): Date {
    return new Date(this.at);
  }
}

it('of 300 hits at once exactly as many are let through as the limit says', async () => {
  const storage = new WindowStorage(new StoppedClock());
  const hits = await Promise.all(
    Array.from({ length: 300 }, () => storage.increment('a', 60_000, 200, 60_000, 'general')),
  );
  expect(hits.filter((hit) => !hit.isBlocked)).toHaveLength(200);
  expect(hits.map((hit) => hit.totalHits)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
});

it('says in whole seconds, at least 1, when the window ends; trying again does not move that', async () => {
  const clock = new StoppedClock();
  const storage = new WindowStorage(clock);
  const hit = () => storage.increment('a', 60_000, 1, 60_000, 'general');
  expect(await hit()).toEqual({
    totalHits: 1,
    timeToExpire: 60,
    isBlocked: false,
    timeToBlockExpire: 0,
  });
  clock.at += 59_500;
  expect(await hit()).toEqual({
    totalHits: 2,
    timeToExpire: 1,
    isBlocked: true,
    timeToBlockExpire: 1,
  });
  clock.at += 499;
  expect(await hit()).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 });
  clock.at += 1;
  expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false, timeToExpire: 60 });
});

it('counts each limit apart', async () => {
  const storage = new WindowStorage(new StoppedClock());
  await storage.increment('a', 60_000, 10, 60_000, 'general');
  expect(await storage.increment('a', 3_600_000, 10, 3_600_000, 'register')).toMatchObject({
    totalHits: 1,
    timeToExpire: 3600,
  });
});
