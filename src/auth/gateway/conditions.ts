import { invalid, pointerTo } from '../../common/http/validation.js';

/** What whoever is let in must hold, beside standing. */
export interface Conditions {
  role?: string;
  permission?: string;
}

const LONGEST_NAME = 64;

/**
 * The conditions in the query of a gateway's question. By hand, because class-validator would cost
 * each question as much as all else that is done for it.
 *
 * @throws Problem validation_failed: a condition that is not known would otherwise let everybody through
 */
export function conditionsOf(query: object): Conditions {
  const faults = Object.entries(query).flatMap(([name, value]) => {
    const pointer = pointerTo(name);
    if (name !== 'role' && name !== 'permission') {
      return { pointer, code: 'unknown_field', detail: `${name} is no condition.` };
    }
    if (typeof value === 'string' && value.length <= LONGEST_NAME) return [];
    const detail = `${name} must be a text of at most ${LONGEST_NAME} characters.`;
    return { pointer, code: 'too_long', detail };
  });
  if (faults.length > 0) throw invalid(faults);
  return query;
}
