import { MayBeAbsent, SecretField } from '../../common/http/fields.js';

export class RevocationFeedQuery {
  /** `next` of the answer before. Left out, or no longer known: everything that still matters. */
  @MayBeAbsent()
  @SecretField(64)
  since?: string;
}

export class RevocationFeedResponse {
  /**
   * A JWS (`typ: revocations+jwt`) for this service, verified like an access token. It holds `sessions`:
   * `sid` of each session that has ended, and `exp`, from when on no token of it is good any more;
   * `next`, to be sent as `since`; and `more`, true when there is more to read at once.
   */
  feed!: string;
}
