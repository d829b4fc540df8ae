import { describe, expect, it, vi } from 'vitest';
import { EvictingCache } from './evicting-cache.js';

describe('a value', () => {
  it('is looked up once, then kept', async () => {
    const cache = new EvictingCache<string>(10);
    const load = vi.fn(async () => 'value');
    expect(await cache.get('key', load)).toBe('value');
    expect(await cache.get('key', load)).toBe('value');
    expect(cache.peek('key')).toBe('value');
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('is looked up once for callers that ask at the same time', async () => {
    const cache = new EvictingCache<object>(10);
    const load = vi.fn(async () => ({}));
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get('key', load)));
    expect(new Set(answers).size).toBe(1);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('is looked up again after it was evicted', async () => {
    const cache = new EvictingCache<number>(10);
    let version = 1;
    await cache.get('key', async () => version);
    version = 2;
    cache.evict('key');
    expect(cache.peek('key')).toBeUndefined();
    expect(await cache.get('key', async () => version)).toBe(2);
  });

  it.each(['evict', 'clear'] as const)(
    'that was read before a change (%s) does not slip back in behind it',
    async (how) => {
      const cache = new EvictingCache<string>(10);
      const slow = deferred<string>();
      const early = cache.get('key', () => slow.promise);
      if (how === 'evict') cache.evict('key');
      else cache.clear();
      const late = cache.get('key', async () => 'new');
      slow.resolve('old');
      expect(await early).toBe('old');
      expect(await late).toBe('new');
      expect(cache.peek('key')).toBe('new');
    },
  );

  it('that was read before a change is not kept even when nobody asks again', async () => {
    const cache = new EvictingCache<string>(10);
    const slow = deferred<string>();
    const early = cache.get('key', () => slow.promise);
    cache.evict('key');
    slow.resolve('old');
    await early;
    expect(cache.peek('key')).toBeUndefined();
  });

  it('that is not there is not remembered as missing', async () => {
    const cache = new EvictingCache<string>(10);
    expect(await cache.get('key', async () => undefined)).toBeUndefined();
    expect(await cache.get('key', async () => 'made since')).toBe('made since');
  });

  it('whose look-up failed is looked up again', async () => {
    const cache = new EvictingCache<string>(10);
    const failing = async () => {
      throw new Error('down');
    };
    const both = [cache.get('key', failing), cache.get('key', failing)];
    for (const answer of both) await expect(answer).rejects.toThrow('down');
    expect(await cache.get('key', async () => 'up')).toBe('up');
  });
});

describe('the cache', () => {
  it('never holds more than its capacity, and drops the oldest first', async () => {
    const cache = new EvictingCache<number>(3);
    for (let i = 0; i < 10; i++) {
      await cache.get(`key ${i}`, async () => i);
      expect(cache.size).toBeLessThanOrEqual(3);
    }
    expect(cache.peek('key 6')).toBeUndefined();
    expect([7, 8, 9].map((i) => cache.peek(`key ${i}`))).toEqual([7, 8, 9]);
  });
});

function deferred<Value>() {
  let resolve!: (value: Value) => void;
  const promise = new Promise<Value>((r) => (resolve = r));
  return { promise, resolve };
}
