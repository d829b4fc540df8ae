import type { Code } from '../../common/errors/codes.js';
import type { Account } from '../../users/accounts.js';
import type { AuthenticationMethod } from './authentication-method.js';

/**
 * The gate every way in honours, asked only after the person has proved who they are: before
 * that, the answer would tell a stranger which addresses are known.
 *
 * @returns the code to refuse with; undefined: may sign in
 */
export function mayNotSignIn(
  account: Pick<Account, 'status' | 'emailVerifiedAt'>,
): Extract<Code, 'account_disabled' | 'email_not_verified'> | undefined {
  if (account.status === 'disabled') return 'account_disabled';
  if (account.emailVerifiedAt === null) return 'email_not_verified';
  return undefined;
}

/** Whether one of the roles held is one that nobody may use without a second factor. */
export function needsFactor(held: readonly string[], required: readonly string[]): boolean {
  return required.length > 0 && held.some((role) => required.includes(role));
}

/** Whether the account holds such a role, and has no second factor yet: until then it has no use of them. */
export function mustEnrol(
  { roles, secondFactorSince }: Pick<Account, 'roles' | 'secondFactorSince'>,
  required: readonly string[],
): boolean {
  return secondFactorSince === null && needsFactor(roles, required);
}

/** Whether what was proved is one factor only, and the account has a second one. */
export function needsSecondFactor(
  account: Pick<Account, 'secondFactorSince'>,
  methods: readonly AuthenticationMethod[],
): boolean {
  return account.secondFactorSince !== null && !methods.includes('mfa');
}
