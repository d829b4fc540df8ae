import { describe, expect, it } from 'vitest';
import { RunAgain } from './run-again.js';

describe('work that is run again', () => {
  it('runs once more when it is asked for while it runs, however often', async () => {
    let runs = 0;
    let active = 0;
    let most = 0;
    const work = new RunAgain(async () => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      active--;
      runs++;
    });
    await Promise.all([work.run(), work.run(), work.run()]);
    expect([runs, most]).toEqual([2, 1]);
    await work.run();
    expect(runs).toBe(3);
    await work.idle();
  });
});
