const MAX_LENGTH = 200;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** A scheme, and printable ASCII without spaces and `#`. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[\x21\x22\x24-\x7e]+$/;

/**
 * Whether a service may be known by this text: a plain name (`orders`), or an absolute URI as RFC
 * 8707 section 2 wants it ("MUST be an absolute URI ... MUST NOT include a fragment component").
 * User and password in it would be passed on to whoever gets a token.
 *
 * Two audiences are the same when they are the same text (RFC 7519 section 2, StringOrURI).
 */
export function isAudience(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  if (NAME.test(text)) return true;
  if (!URI.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
