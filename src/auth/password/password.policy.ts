import type { FieldError } from '../../common/errors/problem.js';
import { normalizePassword } from './password-hasher.js';

export interface PasswordRules {
  minLength: number;
  classes: readonly ('lower' | 'upper' | 'digit' | 'symbol')[];
  /** Whether a password stands on the list of common ones. */
  isCommon: (password: string) => boolean;
}

/** What a password must not hold. */
export interface Person {
  email: string;
  name: string | null;
}

/** Longest password in characters. 64 emoji fit, and nobody can make us hash a megabyte. */
export const MAX_PASSWORD_LENGTH = 128;
const SHORTEST_PERSONAL_WORD = 4;

const CLASSES = {
  lower: [/\p{Ll}/u, 'Use a lower-case letter.'],
  upper: [/\p{Lu}/u, 'Use an upper-case letter.'],
  digit: [/\p{Nd}/u, 'Use a digit.'],
  symbol: [/[^\p{L}\p{N}]/u, 'Use a symbol.'],
} as const;

/**
 * Every reason a password is refused, in one place for every flow (NIST SP 800-63B section 5.1.1;
 * any composition is fine unless the operator asks for classes). Empty: it may be used.
 *
 * @param pointer the field it came in, for the answer
 */
export function passwordFaults(
  password: string,
  person: Person,
  rules: PasswordRules,
  pointer: string,
): FieldError[] {
  const normal = normalizePassword(password);
  const length = [...normal].length;
  const faults: [code: string, detail: string][] = [];

  if (length < rules.minLength)
    faults.push(['too_short', `Use at least ${rules.minLength} characters.`]);
  if (length > MAX_PASSWORD_LENGTH) {
    faults.push(['too_long', `Use at most ${MAX_PASSWORD_LENGTH} characters.`]);
  }
  // RFC 7617 section 2: "The user-id and password MUST NOT contain any control characters."
  if (/\p{Cc}/u.test(normal)) faults.push(['control_character', 'Leave out control characters.']);
  if (!password.isWellFormed()) faults.push(['not_text', 'Use complete characters.']);
  for (const name of rules.classes) {
    const [pattern, detail] = CLASSES[name];
    if (!pattern.test(normal)) faults.push([`missing_${name}`, detail]);
  }
  if (rules.isCommon(normal)) {
    faults.push([
      'too_common',
      'This is one of the passwords that are tried first. Use several unrelated words.',
    ]);
  }
  if (holdsPersonalWord(normal, person)) {
    faults.push(['contains_personal_data', 'Leave out your name and your address.']);
  }
  return faults.map(([code, detail]) => ({ pointer, code, detail }));
}

function holdsPersonalWord(password: string, person: Person): boolean {
  const text = password.toLowerCase();
  const [local = '', domain = ''] = person.email.normalize('NFKC').toLowerCase().split('@');
  const words = [
    local,
    ...local.split(/[^\p{L}\p{N}]+/u),
    domain.split('.')[0]!,
    ...(person.name ?? '')
      .normalize('NFKC')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u),
  ];
  return words.some((word) => [...word].length >= SHORTEST_PERSONAL_WORD && text.includes(word));
}
