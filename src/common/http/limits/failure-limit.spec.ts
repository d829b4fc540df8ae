import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { Clock } from '../../../clock.js';
import { Config } from '../../../config/config.js';
import { Problem } from '../../errors/problem.js';
import { withRequest } from '../request-context.js';
import { FailureLimit } from './failure-limit.js';

const MINUTE = 60_000;

class StoppedClock extends Clock {
  at = Date.parse('2026-01-01T12:00:00Z');

  override now(): Date {
    return new Date(this.at);
  }
}

function failureLimit(rateLimits = true) {
  const clock = new StoppedClock();
  return { clock, failures: new FailureLimit({ rateLimits } as Config, clock) };
}

function fail(failures: FailureLimit, network: string, times: number): void {
  for (let i = 0; i < times; i++) failures.fail(network);
}

describe('a network', () => {
  it('may fail 100 times in 15 minutes, and then has to wait for their end', () => {
    const { failures, clock } = failureLimit();
    fail(failures, 'a', 99);
    failures.assertAllowed('a');
    fail(failures, 'a', 1);
    clock.at += 5 * MINUTE;
    expect(() => failures.assertAllowed('a')).toThrow(
      expect.objectContaining({
        code: 'rate_limited',
        headers: {
          'retry-after': '600',
          'ratelimit-policy': '"failures";q=100;w=900',
          ratelimit: '"failures";r=0;t=600',
        },
      }) as Error,
    );
    clock.at += 10 * MINUTE;
    failures.assertAllowed('a');
  });

  it('does not pay for the failures of another', () => {
    const { failures } = failureLimit();
    fail(failures, 'a', 100);
    failures.assertAllowed('b');
  });

  it('is not told of a failure past the limit that it was one', () => {
    const { failures } = failureLimit();
    fail(failures, 'a', 100);
    expect(() => failures.fail('a')).toThrow(
      expect.objectContaining({ code: 'rate_limited' }) as Error,
    );
  });

  it('may fail without end where limits are off', () => {
    const { failures } = failureLimit(false);
    fail(failures, 'a', 1000);
    failures.assertAllowed('a');
  });
});

describe('attempts', () => {
  const invalid = () => Promise.reject(new Problem('token_invalid'));

  async function codesOf(attempts: Promise<unknown>[]): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const outcome of await Promise.allSettled(attempts)) {
      const code = outcome.status === 'fulfilled' ? 'right' : (outcome.reason as Problem).code;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    return counts;
  }

  function from(ip: string, work: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve) => withRequest({ ip } as FastifyRequest, () => resolve(work())));
  }

  it('that fail at once are counted exactly, and those past the limit are refused alike', async () => {
    const { failures } = failureLimit();
    const attempts = Array.from({ length: 300 }, () => failures.attempt(invalid));
    expect(await codesOf(attempts)).toEqual({ token_invalid: 100, rate_limited: 200 });
  });

  it('that are right do not count, however many run at once', async () => {
    const { failures } = failureLimit();
    const right = () => Promise.resolve('done');
    expect(await codesOf(Array.from({ length: 300 }, () => failures.attempt(right)))).toEqual({
      right: 300,
    });
    failures.assertAllowed('unknown');
  });

  it('that end in any other problem do not count', async () => {
    const { failures } = failureLimit();
    const rejected = () => Promise.reject(new Problem('password_rejected'));
    expect(await codesOf(Array.from({ length: 101 }, () => failures.attempt(rejected)))).toEqual({
      password_rejected: 101,
    });
  });

  it('count against the network of their request', async () => {
    const { failures } = failureLimit();
    fail(failures, '203.0.113.7', 100);
    fail(failures, '2001:db8:1:2::/64', 99);
    const outcomes = codesOf([
      from('::ffff:203.0.113.7', () => failures.attempt(invalid)),
      from('2001:db8:1:2::1', () => failures.attempt(invalid)),
      from('2001:db8:1:2:ffff::2', () => failures.attempt(invalid)),
    ]);
    expect(await outcomes).toEqual({ rate_limited: 2, token_invalid: 1 });
  });
});
