import type { Problem } from '../errors/problem.js';
import { malformedQuery } from './query.js';
import { invalid } from './validation.js';

/**
 * The fields of an application/x-www-form-urlencoded body. RFC 6749 section 3.2: "Request and
 * response parameters MUST NOT be included more than once."
 *
 * @throws Problem validation_failed for a field that stands there twice, too many of them, or an
 *   escape that is no UTF-8
 */
export function parseForm(body: Buffer): Record<string, string> {
  const fields: Record<string, string | string[]> = {};
  for (const pair of body.toString('latin1').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = unescaped(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : unescaped(pair.slice(equals + 1));
    // Also a name such as __proto__ becomes a member, which the DTO then refuses.
    Object.defineProperty(fields, name, {
      value: Object.hasOwn(fields, name) ? [] : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  const problem = malformedQuery(fields);
  if (problem) throw problem;
  return fields as Record<string, string>;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed();
  }
}

function malformed(): Problem {
  const detail = 'The form holds an escape that is no UTF-8.';
  return invalid([{ pointer: '', code: 'invalid_format', detail }]);
}
