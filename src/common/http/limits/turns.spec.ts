import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Turns } from './turns.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('calls those who wait one at a time, in the order they came, each in their own line', async () => {
  const turns = new Turns();
  const called: string[] = [];
  for (const name of ['first', 'second']) void turns.wait('a').then(() => called.push(name));
  void turns.wait('b').then(() => called.push('other'));
  turns.next('a');
  turns.next('nobody waits here');
  await vi.advanceTimersByTimeAsync(0);
  expect(called).toEqual(['first']);
  turns.next('a');
  turns.next('a');
  await vi.advanceTimersByTimeAsync(0);
  expect(called).toEqual(['first', 'second']);
});

it('lets nobody wait for ever: whom nobody calls looks again after half a second', async () => {
  const turns = new Turns();
  const waits = turns.wait('a');
  await vi.advanceTimersByTimeAsync(500);
  expect(await waits).toBe('in vain');
});

it('lets a thousand wait and no more, until some have left', async () => {
  const turns = new Turns();
  const waits = Array.from({ length: 1000 }, () => turns.wait('a'));
  await expect(turns.wait('b')).rejects.toMatchObject({ code: 'overloaded' });
  turns.next('a');
  expect(await waits[0]).toBe('called');
  void turns.wait('b');
  await vi.advanceTimersByTimeAsync(500);
  expect(new Set(await Promise.all(waits))).toEqual(new Set(['called', 'in vain']));
});
