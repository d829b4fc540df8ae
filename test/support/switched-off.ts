import { executionAsyncId } from 'node:async_hooks';
import { expect } from 'vitest';
import { soon } from './soon.js';

/**
 * Waits until the server in this process carries no request and no transaction any more. Node
 * numbers each promise while a store is on: docs/decisions/0020-what-a-request-carries.md.
 */
export function switchedOff(): Promise<void> {
  return soon(async () => {
    await new Promise(setImmediate);
    const before = executionAsyncId();
    await Promise.resolve();
    expect(executionAsyncId()).toBe(before);
  });
}
