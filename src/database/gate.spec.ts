import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from './gate.js';

describe('the gate', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());

  it('lets one writer in at a time, in the order they came', async () => {
    const gate = new Gate(1000, 10);
    const order: number[] = [];
    const writers = [1, 2, 3].map(async (writer) => {
      await gate.enter();
      order.push(writer);
      await Promise.resolve();
      order.push(writer);
      gate.leave();
    });
    await Promise.all(writers);
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
    expect(gate.tryEnter()).toBe(true);
  });

  it('turns away whoever has waited too long, and lets in the next who has not', async () => {
    const gate = new Gate(1000, 10);
    await gate.enter();
    const old = gate.enter();
    vi.advanceTimersByTime(600);
    const young = gate.enter();
    vi.advanceTimersByTime(600);
    gate.leave();
    await expect(old).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
    await expect(young).resolves.toBeUndefined();
    expect(gate.tryEnter()).toBe(false);
  });

  it('turns away at once who would be one too many', async () => {
    const gate = new Gate(1000, 2);
    await gate.enter();
    const waiting = [gate.enter(), gate.enter()];
    await expect(gate.enter()).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
    expect(gate.length).toBe(2);
    gate.leave();
    gate.leave();
    await Promise.all(waiting);
  });
});
