import { expect, it } from 'vitest';
import { pauseAfter } from './backoff.js';
import { signedFields } from './signature.js';

it('a message is signed as in the example of Standard Webhooks', () => {
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  const at = new Date(1_614_265_330_999);
  expect(signedFields(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}')).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('a message is tried again for three days, and then given up', () => {
  const pauses = Array.from({ length: 11 }, (_, i) => pauseAfter(i + 1));
  expect(pauses[10]).toBeUndefined();
  const all = pauses.slice(0, 10).reduce<number>((sum, pause) => sum + pause!, 0);
  expect(all).toBeGreaterThan(3 * 86_400_000);
  expect(pauses[0]).toBeLessThanOrEqual(10_000);
});
