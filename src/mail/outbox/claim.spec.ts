import { expect, it } from 'vitest';
import { LONGEST_ATTEMPT } from '../transports/smtp.transport.js';
import { CLAIM } from './outbox.js';
import { LOOK } from './outbox.worker.js';

it('a claim outlasts the longest attempt, and ends soon enough for another process to send within a minute', () => {
  expect(CLAIM).toBeGreaterThan(LONGEST_ATTEMPT);
  expect(CLAIM + LOOK).toBeLessThan(60_000);
});
