import { describe, expect, it, vi } from 'vitest';
import { HashQueue, WaitedTooLong } from './hash-queue.js';

/** Work that goes on until it is told to end. */
class Work {
  started = 0;
  running = 0;
  most = 0;
  readonly #ends: (() => void)[] = [];

  readonly run = async (): Promise<number> => {
    const nr = ++this.started;
    this.most = Math.max(this.most, ++this.running);
    await new Promise<void>((resolve) => this.#ends.push(resolve));
    this.running--;
    return nr;
  };

  /** Ends what has run longest. */
  async endOne(): Promise<void> {
    this.#ends.shift()!();
    await new Promise(setImmediate);
  }
}

describe('the queue in front of password hashing', () => {
  it('runs as much at once as it is told, and lets the rest wait in order', async () => {
    const [queue, work] = [new HashQueue(2), new Work()];
    const order: number[] = [];
    const all = Array.from({ length: 5 }, () => queue.add(work.run)!.then((nr) => order.push(nr)));
    expect(work.running).toBe(2);
    for (let i = 0; i < 5; i++) await work.endOne();
    await Promise.all(all);
    expect([work.most, order]).toEqual([2, [1, 2, 3, 4, 5]]);
  });

  it('refuses what would have to wait behind too many, without starting it', async () => {
    const [queue, work] = [new HashQueue(2, 3), new Work()];
    const taken = Array.from({ length: 5 }, () => queue.add(work.run));
    expect(taken).not.toContain(undefined);
    expect(queue.add(work.run)).toBeUndefined();
    expect(work.started).toBe(2);

    await work.endOne();
    expect(queue.add(work.run)).toBeDefined();
    expect(queue.add(work.run)).toBeUndefined();
    for (let i = 0; i < 5; i++) await work.endOne();
    expect([work.started, work.running]).toEqual([6, 0]);
  });

  it('takes one at a time when nobody may wait', async () => {
    const [queue, work] = [new HashQueue(1, 0), new Work()];
    expect(queue.add(work.run)).toBeDefined();
    expect(queue.add(work.run)).toBeUndefined();
    await work.endOne();
    expect(queue.add(work.run)).toBeDefined();
    await work.endOne();
  });

  it('goes on after work that fails, and passes the failure to whoever asked for it', async () => {
    const [queue, work] = [new HashQueue(1), new Work()];
    const failing = queue.add(() => Promise.reject(new Error('no')))!;
    const thrown = queue.add(() => {
      throw new Error('at once');
    })!;
    const next = queue.add(work.run)!;
    await expect(failing).rejects.toThrow('no');
    await expect(thrown).rejects.toThrow('at once');
    await work.endOne();
    expect(await next).toBe(1);
  });

  it('does not begin what has waited too long, and goes on with the next', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const [queue, work] = [new HashQueue(1, 10, 5000), new Work()];
    const running = queue.add(work.run)!;
    const late = expect(queue.add(work.run)).rejects.toThrow(WaitedTooLong);
    now.mockReturnValue(1001);
    const next = queue.add(work.run)!;
    now.mockReturnValue(5001);
    await work.endOne();
    await late;
    await work.endOne();
    expect([await running, await next, work.started]).toEqual([1, 2, 2]);
    now.mockRestore();
  });
});
