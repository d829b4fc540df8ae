import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type FieldError, Problem } from '../../common/errors/problem.js';
import { Config } from '../../config/config.js';
import { filterFault, isBreached } from './breached-passwords.js';
import { isCommon } from './common-passwords.js';
import { type Person, personalWords, serviceWords } from './context-words.js';
import { normalizePassword, PasswordHasher } from './password-hasher.js';
import { type PasswordFault, passwordFaults } from './password.policy.js';
import { weakness } from './strength.js';

/** Takes a new password in, for every flow that sets one. */
@Injectable()
export class Passwords implements OnApplicationBootstrap {
  readonly #log = new Logger('Passwords');

  constructor(
    private readonly hasher: PasswordHasher,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { breachedPasswordsFile } = this.config;
    const fault = breachedPasswordsFile && (await filterFault(breachedPasswordsFile));
    if (fault) this.#warnOfFilter(fault);
  }

  /**
   * The hash of a password that the policy accepts.
   *
   * @param pointer field of the request it came in
   * @throws Problem password_rejected with one entry for each reason
   */
  async accept(password: string, person: Person, pointer = '/password'): Promise<string> {
    const errors = await refusals(password, person, this.config, pointer, (reason) =>
      this.#warnOfFilter(reason),
    );
    if (errors.length > 0) {
      throw new Problem('password_rejected', {
        errors,
        detail:
          `${errors.map((error) => error.detail).join(' ')} ` +
          'A password manager makes good ones; use each for one account only.',
      });
    }
    return this.hasher.hash(password);
  }

  #warnOfFilter(reason: string): void {
    this.#log.warn({
      msg: 'BREACHED_PASSWORDS_FILE names no filter that can be used: only the one that ships is asked',
      reason,
    });
  }
}

/**
 * Every reason the policy of this configuration has against a password; empty: none.
 *
 * @param filterUnusable told why when the operator's list of breached passwords cannot be asked
 */
export async function refusals(
  password: string,
  person: Person,
  config: Pick<
    Config,
    'passwordMinLength' | 'passwordClasses' | 'breachedPasswordsFile' | 'publicUrl'
  >,
  pointer: string,
  filterUnusable: (reason: string) => void = () => undefined,
): Promise<FieldError[]> {
  const normal = normalizePassword(password);
  const words = { ofPerson: personalWords(person), ofService: serviceWords(config.publicUrl) };
  const rules = { minLength: config.passwordMinLength, classes: config.passwordClasses };

  const faults = passwordFaults(password, rules, words);
  if (await isCommon(normal)) faults.push(TOO_COMMON);
  else if (await isBreached(normal, config.breachedPasswordsFile, filterUnusable))
    faults.push(BREACHED);
  // Says nothing new of a password that is refused already.
  if (faults.length === 0) {
    const detail = await weakness(normal, [...words.ofPerson, ...words.ofService]);
    if (detail !== undefined) faults.push({ code: 'too_weak', detail });
  }
  return faults.map((fault) => ({ pointer, ...fault }));
}

const TOO_COMMON: PasswordFault = {
  code: 'too_common',
  detail: 'This is one of the passwords that are tried first. Use several unrelated words.',
};
const BREACHED: PasswordFault = {
  code: 'breached',
  detail: 'This password is known from a breach elsewhere. Choose one that you have never used.',
};
