/** How a request proved who it speaks for (RFC 9110 section 11.1 calls it the scheme). */
export type Scheme = 'Bearer' | 'Basic' | 'ApiKey' | 'Cookie';

/** A registered service that calls for itself, not for a person. */
export interface CallingService {
  readonly id: string;
  readonly name: string;
  /** What stands in `aud` of the tokens made for it. */
  readonly audience: string;
}

/** Who a request speaks for, and how that was proved. */
export interface Principal {
  readonly userId: string;
  readonly scheme: Scheme;
  /** The session an access token belongs to; a password sent with each request has none. */
  readonly sessionId: string | undefined;
  /**
   * When the person last proved who they are: for a session, when it began; for a password sent
   * with the request, now. Undefined: this credential proves nobody's presence.
   */
  readonly authTime: Date | undefined;
  /** Id of the API key that was sent, if it was one. */
  readonly apiKeyId?: string;
  /** When the credential stops to count; undefined: it is sent with each request, or never does. */
  readonly expiresAt?: Date | undefined;
  /**
   * A role needs a second factor and the account has none: only routes that are open
   * `@DuringEnrolment()` answer. Never of an API key.
   */
  readonly mustEnrol?: boolean;
  /** Proved by a token that grants less than its person may do: only what `permissions` names. */
  readonly narrowed?: true;
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
}
