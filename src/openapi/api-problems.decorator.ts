import type { Code } from '../common/errors/codes.js';

/** What any closed route may answer to a sign-in that does not hold. */
const SIGN_IN_CODES: Code[] = [
  'token_missing',
  'token_malformed',
  'token_expired',
  'token_revoked',
  'token_signature_invalid',
  'token_wrong_audience',
  'invalid_credentials',
  'email_not_verified',
  'account_disabled',
  'mfa_required',
  'network_not_allowed',
];

const PROBLEMS = 'latchkey:problems';

/**
 * Documents problems a route answers with. What every route may answer (limits, a body that is no
 * JSON, a missing permission) is documented without being named here: see operations.ts.
 */
export function ApiProblems(...codes: Code[]): MethodDecorator {
  return (_target, _name, descriptor) => {
    const handler = descriptor.value as object;
    Reflect.defineMetadata(PROBLEMS, [...problemsOf(handler), ...codes], handler);
  };
}

/** Documents a route that looks at a sign-in, and the problems it answers with. */
export function ApiSignedIn(...codes: Code[]): MethodDecorator {
  return ApiProblems(...SIGN_IN_CODES, ...codes);
}

/** Documents a route for registered services, and the problems it answers with. */
export function ApiServiceSignedIn(...codes: Code[]): MethodDecorator {
  return ApiProblems('token_missing', 'token_malformed', 'invalid_credentials', ...codes);
}

/** The codes a handler was decorated with. */
export function problemsOf(handler: object): readonly Code[] {
  return (Reflect.getMetadata(PROBLEMS, handler) as Code[] | undefined) ?? [];
}
