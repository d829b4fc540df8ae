import { vi } from 'vitest';

/**
 * Waits until the check passes, and gives what it gives. What is promised "within a second" is
 * waited for much longer here: that a machine is busy is no fault of the server.
 *
 * @param check throws as long as it is too early
 */
export function soon<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: 60_000, interval: 20 });
}
