import { expect, it } from 'vitest';
import { mayNotSignIn } from './sign-in.policy.js';

const CONFIRMED = new Date(0);

it.each([
  ['active', CONFIRMED, undefined],
  ['active', null, 'email_not_verified'],
  ['disabled', CONFIRMED, 'account_disabled'],
  ['disabled', null, 'account_disabled'],
] as const)('an account that is %s and confirmed at %j: %s', (status, emailVerifiedAt, refusal) => {
  expect(mayNotSignIn({ status, emailVerifiedAt })).toBe(refusal);
});
