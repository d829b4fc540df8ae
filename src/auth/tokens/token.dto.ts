/** Tokens of a session, with the names of RFC 6749 section 5.1. */
export class TokenResponse {
  /** JWT for the Authorization header: `Bearer <access_token>`. */
  access_token!: string;
  /** @example Bearer */
  token_type!: 'Bearer';
  /** Seconds until the access token expires. @example 900 */
  expires_in!: number;
  /** For POST /auth/refresh, once: each refresh gives the next one. In cookie mode it is absent. */
  refresh_token?: string;
  /** Seconds until the session expires when nobody refreshes. @example 1209600 */
  refresh_expires_in!: number;
  /** Permissions, space-separated. @example users:read users:write */
  scope!: string;
}
