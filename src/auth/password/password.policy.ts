import { holdsAny } from './context-words.js';
import { normalizePassword } from './password-hasher.js';

export interface PasswordRules {
  minLength: number;
  classes: readonly ('lower' | 'upper' | 'digit' | 'symbol')[];
}

/** One reason against a password. */
export interface PasswordFault {
  code: string;
  detail: string;
}

/** What a password must not hold, as context-words.ts makes it. */
export interface ContextWords {
  ofPerson: readonly string[];
  ofService: readonly string[];
}

/** Longest password in characters. 64 emoji fit, and nobody can make us hash a megabyte. */
export const MAX_PASSWORD_LENGTH = 128;

const CLASSES = {
  lower: [/\p{Ll}/u, 'Use a lower-case letter.'],
  upper: [/\p{Lu}/u, 'Use an upper-case letter.'],
  digit: [/\p{Nd}/u, 'Use a digit.'],
  symbol: [/[^\p{L}\p{N}]/u, 'Use a symbol.'],
} as const;

/**
 * What is wrong with a password's form and words (NIST SP 800-63B section 5.1.1; any composition is
 * fine unless the operator asks for classes). Empty: nothing.
 */
export function passwordFaults(
  password: string,
  rules: PasswordRules,
  words: ContextWords,
): PasswordFault[] {
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
  if (holdsAny(normal, words.ofPerson)) {
    faults.push(['contains_personal_data', 'Leave out your name and your address.']);
  }
  if (holdsAny(normal, words.ofService)) {
    faults.push(['contains_service_name', 'Leave out the name of this service.']);
  }
  return faults.map(([code, detail]) => ({ code, detail }));
}
