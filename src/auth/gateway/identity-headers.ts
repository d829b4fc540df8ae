import type { Principal } from '../../common/access/principal.js';

/**
 * Who a request is from, for the service behind a gateway. Field values are ASCII (RFC 9110 section
 * 5.5): everything else is percent-encoded as UTF-8, and so is the percent sign, so that a value
 * has one meaning.
 */
export function identityHeaders(principal: Principal, email: string): Record<string, string> {
  return {
    'x-auth-user': principal.userId,
    'x-auth-email': ascii(email),
    'x-auth-roles': principal.roles.map(ascii).join(','),
    'x-auth-scope': [...principal.permissions].map(ascii).join(' '),
    'x-auth-scheme': principal.scheme,
  };
}

const PLAIN = /^[!-$&-+\--~]*$/;

/** A comma would end a role in the list of them. */
function ascii(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(/[^!-~]|[%,]/gu, encodeURIComponent);
}
