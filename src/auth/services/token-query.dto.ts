import { MayBeAbsent, SecretField } from '../../common/http/fields.js';

/** Longer than any token of ours. */
const LONGEST = 8192;

export class TokenQuery {
  /** The token it is about. */
  @SecretField(LONGEST, 'lk_rt_…')
  token!: string;

  /** `access_token` or `refresh_token`; the token is recognised without it. */
  @MayBeAbsent()
  @SecretField(100, 'access_token')
  token_type_hint?: string;
}

/** RFC 7662 section 2.2. When the token is not active, nothing else is said. */
export class IntrospectionResponse {
  /** Whether the token, its session and its person stand at this moment. */
  active!: boolean;
  /** Permissions at this moment, space-separated. @example users:read */
  scope?: string;
  /** @example latchkey */
  client_id?: string;
  /** @example Bearer */
  token_type?: string;
  /** Seconds since 1970, like all times here. */
  exp?: number;
  iat?: number;
  /** Id of the person. @example 019a7f3e-0000-7000-8000-000000000000 */
  sub?: string;
  /** @example https://orders.example.org */
  aud?: string;
  iss?: string;
  /** Id of the access token, or of the API key. */
  jti?: string;
  /** Id of the session. @example 019a7f3e-0000-7000-8000-000000000000 */
  sid?: string;
  /** When the person last proved who they are. */
  auth_time?: number;
  /** How (RFC 8176). @example ["pwd"] */
  amr?: string[];
  /** Roles at this moment; none for a narrowed token. @example ["user"] */
  roles?: string[];
}
