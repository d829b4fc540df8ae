import type { Rate } from '../../../config/config.js';
import { Problem } from '../../errors/problem.js';

/*
 * The fields RateLimit-Policy and RateLimit of draft-ietf-httpapi-ratelimit-headers-11: lists
 * (RFC 9651 section 3.1) with one item for each limit that counts the request.
 */

/** `"general";q=6000;w=60`: so many requests in so many seconds. */
export function policyItem(name: string, { count, windowMs }: Rate): string {
  return `"${name}";q=${count};w=${windowMs / 1000}`;
}

/** `"general";r=5999;t=60`: what is left for so many seconds. */
export function limitItem(name: string, left: number, seconds: number): string {
  return `"${name}";r=${left};t=${seconds}`;
}

/** Whole seconds from now to the end of a window, at least 1. */
export function secondsUntil(endsAt: number, now: number): number {
  return Math.max(1, Math.ceil((endsAt - now) / 1000));
}

/** The refusal by one limit. Its fields speak of that limit alone: it is the one to wait for. */
export function rateLimited(
  name: string,
  rate: Rate,
  seconds: number,
  code: 'rate_limited' | 'mail_cooldown' = 'rate_limited',
): Problem {
  return new Problem(code, {
    headers: {
      'retry-after': String(seconds),
      'ratelimit-policy': policyItem(name, rate),
      ratelimit: limitItem(name, 0, seconds),
    },
  });
}
