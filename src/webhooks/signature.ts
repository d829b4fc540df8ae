import { createHmac } from 'node:crypto';

/**
 * The fields that Standard Webhooks puts on a message: `v1` is HMAC-SHA256 over id, time and body,
 * joined by dots.
 *
 * @param key bytes behind `whsec_`
 */
export function signedFields(
  key: Buffer,
  id: string,
  at: Date,
  body: string,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac}`,
  };
}
