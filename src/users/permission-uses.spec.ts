import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import { PermissionUses } from './permission-uses.js';

const MINUTE = 60_000;
const MAX_PEOPLE = 10_000;

describe('uses of permissions', () => {
  const write = vi.fn((_sql: TemplateStringsArray, _rows: string) => Promise.resolve(0));
  const database = { execute: write } as unknown as Database;
  let uses: PermissionUses;

  beforeEach(() => {
    vi.useFakeTimers();
    write.mockClear();
    uses = new PermissionUses(database, new Clock());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** What was written, statement by statement. */
  function written(): unknown[][] {
    return write.mock.calls.map(([, rows]) => JSON.parse(rows));
  }

  it('are written once a minute by one statement, each pair once and with its latest time', async () => {
    uses.used('a', ['users:read']);
    uses.used('a', ['users:read', 'users:write']);
    uses.used('b', ['roles:read', 'users:read']);
    await vi.advanceTimersByTimeAsync(MINUTE - 1);
    expect(write).not.toHaveBeenCalled();
    uses.used('a', ['users:write']);
    const at = new Date().toISOString().replace('Z', '+00:00');
    await vi.advanceTimersByTimeAsync(1);
    expect(written()).toEqual([
      [
        { userId: 'a', permission: 'users:read', at: expect.any(String) },
        { userId: 'a', permission: 'users:write', at },
        { userId: 'b', permission: 'users:read', at: expect.any(String) },
      ],
    ]);

    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('are written when the server stops, and at once after that', async () => {
    uses.used('a', ['users:read']);
    await uses.beforeApplicationShutdown();
    expect(write).toHaveBeenCalledTimes(1);
    uses.used('b', ['users:read']);
    await vi.advanceTimersByTimeAsync(0);
    expect(write).toHaveBeenCalledTimes(2);
  });

  it('are written sooner when they are of very many people, a few hundred at a time', async () => {
    for (let i = 0; i < MAX_PEOPLE; i++) uses.used(`user ${i}`, ['users:read']);
    await vi.advanceTimersByTimeAsync(0);
    expect(written().flat()).toHaveLength(MAX_PEOPLE);
    for (const rows of written()) expect(rows.length).toBeLessThanOrEqual(500);
  });

  it('stay bounded while they cannot be written, and are written once they can', async () => {
    vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    write.mockRejectedValue(new Error('database or disk is full'));
    for (let i = 0; i < 5 * MAX_PEOPLE; i++) {
      uses.used(`user ${i}`, ['users:read']);
      if (i % 1000 === 0) await vi.advanceTimersByTimeAsync(0);
    }
    await vi.advanceTimersByTimeAsync(MINUTE);
    write.mockReset().mockResolvedValue(0);
    await vi.advanceTimersByTimeAsync(MINUTE);
    const rows = written().flat();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(MAX_PEOPLE);
  });
});
