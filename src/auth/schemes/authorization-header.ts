import { isUtf8 } from 'node:buffer';

/** RFC 9110 section 11.6.2: scheme, one or more spaces, credentials. Schemes ignore case. */
const BEARER = /^bearer +/i;
const BASIC = /^basic +/i;
/** RFC 4648 section 4, padded: four characters for three bytes, without any others between. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** An address and a password of the greatest lengths, in UTF-8 and base64, fit. */
const LONGEST_BASIC = 4096;

export interface UserPass {
  userId: string;
  password: string;
}

/** What follows `Bearer`; undefined for another scheme. Also a token that is no token. */
export function bearerToken(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (/^bearer$/i.test(header)) return ' ';
  const scheme = BEARER.exec(header);
  // passport-jwt passes on an empty text; a space makes it one that will be refused as malformed.
  return scheme ? header.slice(scheme[0].length) || ' ' : null;
}

/** True when the header uses the Basic scheme, with whatever behind it. */
export function isBasic(header: string | undefined): boolean {
  return header !== undefined && (BASIC.test(header) || /^basic$/i.test(header));
}

/**
 * The user-id and password of RFC 7617 section 2: strict padded base64 of UTF-8, split at the
 * first colon ("a user-id containing a colon character is invalid"), without control characters.
 *
 * @returns undefined when the credentials are malformed
 */
export function parseBasic(header: string): UserPass | undefined {
  const encoded = header.replace(BASIC, '');
  if (encoded.length > LONGEST_BASIC || !BASE64.test(encoded)) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  // The last character may hold unused bits: one text, one spelling.
  if (bytes.toString('base64') !== encoded || !isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0 || /\p{Cc}/u.test(text)) return undefined;
  return { userId: text.slice(0, colon), password: text.slice(colon + 1) };
}
