import { executionAsyncId } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { AsyncStore, stayInside, stayInsideFor } from './async-store.js';

it('gives each its own value, across all it waits for', async () => {
  const store = new AsyncStore<string>();
  const seen = await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      store.run(name, async () => {
        await nextTurn();
        const before = store.get();
        await Promise.resolve();
        return [before, store.get()];
      }),
    ),
  );
  expect(seen).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ]);
});

it('who leaves takes nothing from those who are still inside', async () => {
  const store = new AsyncStore<string>();
  const short = store.run('short', async () => {});
  const long = store.run('long', async () => {
    await short;
    await nextTurn();
    return store.get();
  });
  await expect(long).resolves.toBe('long');
});

it('work nobody waits for keeps its value for as long as it says', async () => {
  const store = new AsyncStore<string>();
  let behind: Promise<unknown> | undefined;
  await store.run('kept', async () => {
    behind = stayInsideFor(nextTurn().then(() => store.get()));
  });
  await expect(behind).resolves.toBe('kept');
});

it('and so it does when that work fails', async () => {
  const store = new AsyncStore<string>();
  const failing = store.run('x', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await isSwitchedOff()).toBe(true);
});

it('is switched off once the last has left, and on again for the next', async () => {
  const store = new AsyncStore<string>();
  const leave = stayInside();
  await store.run('first', nextTurn);
  leave();
  leave();
  expect(await isSwitchedOff()).toBe(true);
  await expect(store.run('second', async () => nextTurn(store.get()))).resolves.toBe('second');
  expect(await isSwitchedOff()).toBe(true);
});

/** Node numbers each promise while anything follows them. */
async function isSwitchedOff(): Promise<boolean> {
  await nextTurn();
  const before = executionAsyncId();
  await Promise.resolve();
  return executionAsyncId() === before;
}
