import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { commonPasswordList } from './common-passwords.js';

/**
 * Longest password that is estimated, in characters. Beyond it no list of guesses is near, whatever
 * it is made of; and the cost of an estimate grows with the square of the length.
 */
const LONGEST_ESTIMATED = 31;
/** Fewer than a million guesses (scores 0 and 1): with ten tries in 15 minutes, three years. */
const LOWEST_SCORE = 2;
/**
 * Ways to read "p4$$w0rd" that are tried. The library's default of 100 costs up to 100 ms of event
 * loop for 31 characters, this at most 15 ms.
 */
const READINGS = 4;

/** The library's keys for what it recognised, and what to tell the person. */
const WARNINGS: Record<string, string> = {
  straightRow: 'It is a row of the keyboard.',
  keyPattern: 'It is a short path on the keyboard.',
  simpleRepeat: 'It repeats one character.',
  extendedRepeat: 'It repeats itself.',
  sequences: 'It is a sequence, such as abc or 6543.',
  recentYears: 'It is a year.',
  dates: 'It is a date.',
  topTen: 'It is close to a common password.',
  topHundred: 'It is close to a common password.',
  common: 'It is close to a common password.',
  similarToCommon: 'It is close to a common password.',
  wordByItself: 'It is a single word.',
  userInputs: 'It is made of what is known of you or of this service.',
};
const SUGGESTIONS: Record<string, string> = {
  l33t: 'Writing @ for a, or 3 for e, does not help.',
  reverseWords: 'Writing a word backwards does not help.',
  allUppercase: 'Capital letters throughout do not help.',
  capitalization: 'A capital letter at the beginning does not help.',
};

let estimator: Promise<ZxcvbnFactory> | undefined;

/**
 * Why a password would be guessed soon, in sentences for its owner; undefined when it would not.
 *
 * @param words what is known of the person and the service
 */
export async function weakness(
  password: string,
  words: readonly string[],
): Promise<string | undefined> {
  if ([...password].length > LONGEST_ESTIMATED) return undefined;
  estimator ??= makeEstimator();
  const { score, feedback } = (await estimator).check(password, [...words]);
  if (score >= LOWEST_SCORE) return undefined;
  return [
    'This would be guessed soon.',
    WARNINGS[feedback.warning ?? ''],
    ...feedback.suggestions.map((suggestion) => SUGGESTIONS[suggestion]),
    'Add another word or two that have nothing to do with it.',
  ]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
}

/** Loaded at the first question, and kept: some 10 MB. */
async function makeEstimator(): Promise<ZxcvbnFactory> {
  const [core, common, passwords] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    commonPasswordList(),
  ]);
  return new core.ZxcvbnFactory({
    dictionary: {
      'passwords-common': [...passwords],
      'diceware-common': common.dictionary['diceware-common'],
    },
    graphs: common.adjacencyGraphs,
    l33tMaxSubstitutions: READINGS,
  });
}
