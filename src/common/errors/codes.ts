/**
 * Every error code there is. A code is never renamed or given another meaning; new ones are added.
 * `title` is what the code means, always the same; `cure` tells a client developer what to do.
 */
export const CODES = {
  validation_failed: {
    status: 400,
    title: 'The request does not have the form this route takes.',
    cure: 'Read errors[]: each entry names the field by a JSON pointer and says what is wrong with it.',
  },
  malformed_json: {
    status: 400,
    title: 'The body is not the JSON this server accepts.',
    cure: 'Send one UTF-8 JSON object without a byte order mark, duplicate keys or deep nesting.',
  },
  bad_request: {
    status: 400,
    title: 'The request contradicts itself, or is not well-formed HTTP.',
    cure: 'Send one Host header, one credential, and a path that begins with a slash; detail says which it is.',
  },
  token_invalid: {
    status: 400,
    title: 'This one-time token or code cannot be used.',
    cure: 'It is unknown, replaced by a newer one, expired or already spent. Ask for a new mail.',
  },
  redirect_not_allowed: {
    status: 400,
    title: 'This address may not be redirected to.',
    cure: 'Use an address that is registered.',
  },
  invalid_credentials: {
    status: 401,
    title: 'The address or the password, or the API key, is not right.',
    cure: 'Check both. The answer is the same for unknown addresses, and for keys that have ended.',
  },
  token_missing: {
    status: 401,
    title: 'This route needs a sign-in.',
    cure: 'Send Authorization: Bearer with an access token, or Basic with address and password.',
  },
  token_malformed: {
    status: 401,
    title: 'The Authorization header cannot be read.',
    cure: 'Send Bearer and an access token (RFC 6750), or Basic and padded base64 of address:password (RFC 7617).',
  },
  token_expired: {
    status: 401,
    title: 'The access token has expired.',
    cure: 'Refresh once, and repeat the request with the new access token.',
  },
  token_wrong_audience: {
    status: 401,
    title: 'The access token was issued for another service.',
    cure: 'Ask for a token with the audience of this service.',
  },
  token_revoked: {
    status: 401,
    title: 'The session of this access token has ended.',
    cure: 'Sign in again.',
  },
  token_signature_invalid: {
    status: 401,
    title: 'The access token was not issued by this server, or it was changed.',
    cure: 'Send the access token exactly as it was received.',
  },
  refresh_token_invalid: {
    status: 401,
    title: 'This refresh token was not issued by this server.',
    cure: 'Send the refresh token exactly as it was received, or sign in again.',
  },
  refresh_token_expired: {
    status: 401,
    title: 'The session has expired.',
    cure: 'Sign in again.',
  },
  refresh_token_reused: {
    status: 401,
    title: 'A refresh token was used again, so its session was ended.',
    cure: 'Sign in again. If that happens often, two parts of the client share one token: keep only the newest.',
  },
  session_ended: {
    status: 401,
    title: 'The session of this refresh token has ended.',
    cure: 'Sign in again.',
  },
  mfa_required: {
    status: 401,
    title: 'A second factor is needed.',
    cure: 'Send a code with the mfa_token to POST /auth/mfa/verify. Scripts use an API key in the place of the password.',
  },
  mfa_code_invalid: {
    status: 401,
    title: 'This code is not right.',
    cure: 'Wait for the next code and try again.',
  },
  passkey_invalid: {
    status: 401,
    title: 'This answer of a passkey does not hold.',
    cure: 'Ask for new options, which work once and for five minutes, and try again. A passkey that was removed here can be removed where it is kept.',
  },
  email_not_verified: {
    status: 403,
    title: 'The address of this account is not confirmed yet.',
    cure: 'Open the link in the mail, or ask for a new one at POST /auth/verify-email/resend.',
  },
  current_password_wrong: {
    status: 403,
    title: 'The current password is not right.',
    cure: 'Check it, or reset the password.',
  },
  account_disabled: {
    status: 403,
    title: 'This account is disabled.',
    cure: 'Ask an administrator.',
  },
  role_required: {
    status: 403,
    title: 'A role is missing.',
    cure: 'An administrator can assign it. It counts at the next request, without a new sign-in.',
  },
  permission_required: {
    status: 403,
    title: 'A permission is missing.',
    cure: 'An administrator can assign a role that holds it. It counts at the next request.',
  },
  recent_login_required: {
    status: 403,
    title: 'This needs a sign-in within the last minutes.',
    cure: 'Prove again who you are at POST /auth/reauthenticate, and repeat the request.',
  },
  mfa_enrolment_required: {
    status: 403,
    title: 'One of the roles of this account needs a second factor.',
    cure: 'Add one first: POST /auth/mfa/totp, or a passkey. It counts at the next request.',
  },
  network_not_allowed: {
    status: 403,
    title: 'This API key may not be used from here.',
    cure: 'Use it from one of the networks it was made for, or make another key.',
  },
  origin_not_allowed: {
    status: 403,
    title: 'Requests from this origin are not allowed.',
    cure: 'The operator lists browser apps in CORS_ORIGINS.',
  },
  https_required: {
    status: 403,
    title: 'This needs an encrypted connection.',
    cure: 'Use the https:// address of this server. What was sent in clear should not be used again.',
  },
  not_found: {
    status: 404,
    title: 'There is nothing here.',
    cure: 'Check the path and the id. What belongs to someone else looks the same.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This path does not take this method.',
    cure: 'Use one of the methods in the Allow header.',
  },
  conflict: {
    status: 409,
    title: 'The request does not fit the present state.',
    cure: 'Read the resource again; detail says what stands in the way.',
  },
  last_administrator: {
    status: 409,
    title: 'This would leave no administrator.',
    cure: 'Make another account an administrator first.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is larger than 64 kB.',
    cure: 'Send less.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body is of a type that this route does not take.',
    cure: 'Send Content-Type: application/json in UTF-8, without content encoding; application/x-www-form-urlencoded at POST /auth/introspect and POST /auth/revoke.',
  },
  password_rejected: {
    status: 422,
    title: 'This password cannot be used.',
    cure: 'Read errors[]: each entry is one reason. A password manager makes good ones.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests.',
    cure: 'Wait as many seconds as Retry-After says.',
  },
  mail_cooldown: {
    status: 429,
    title: 'Too many mails were asked for.',
    cure: 'Wait as many seconds as Retry-After says.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong in the server.',
    cure: 'Try again. The operator finds the reason in the log under the request id.',
  },
  overloaded: {
    status: 503,
    title: 'The server has more work than it can take.',
    cure: 'Try again after as many seconds as Retry-After says.',
  },
  database_busy: {
    status: 503,
    title: 'The database cannot be used at the moment.',
    cure: 'Try again after as many seconds as Retry-After says.',
  },
} as const satisfies Record<string, { status: number; title: string; cure: string }>;

export type Code = keyof typeof CODES;
