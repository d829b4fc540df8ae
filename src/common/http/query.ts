import type { Problem } from '../errors/problem.js';
import { invalid, pointerTo } from './validation.js';

/** Most parameters a query may have. No route takes more than a dozen. */
const MAX_PARAMETERS = 32;

/**
 * What no route's DTO need look at.
 *
 * @param query as Fastify has parsed it: a parameter that stands there twice is an array
 * @returns 400 validation_failed, or undefined when there is nothing to refuse
 */
export function malformedQuery(query: object): Problem | undefined {
  const parameters = Object.entries(query);
  if (parameters.length > MAX_PARAMETERS) {
    const detail = 'The query holds too many parameters.';
    return invalid([{ pointer: '', code: 'too_many', detail }]);
  }
  const twice = parameters.find(([, value]) => Array.isArray(value))?.[0];
  if (twice === undefined) return undefined;
  const detail = `${twice} stands in the query twice.`;
  return invalid([{ pointer: pointerTo(twice), code: 'duplicate', detail }]);
}
