import { Injectable } from '@nestjs/common';
import { type FieldError, Problem } from '../../common/errors/problem.js';
import { Config } from '../../config/config.js';
import { commonPasswords } from './common-passwords.js';
import { PasswordHasher } from './password-hasher.js';
import { passwordFaults, type Person } from './password.policy.js';

/** Takes a new password in, for every flow that sets one. */
@Injectable()
export class Passwords {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly config: Config,
  ) {}

  /**
   * The hash of a password that the policy accepts.
   *
   * @param pointer field of the request it came in
   * @throws Problem password_rejected with one entry for each reason
   */
  async accept(password: string, person: Person, pointer = '/password'): Promise<string> {
    const errors = await refusals(password, person, this.config, pointer);
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
}

/** Every reason the policy of this configuration has against a password; empty: none. */
export async function refusals(
  password: string,
  person: Person,
  config: Pick<Config, 'passwordMinLength' | 'passwordClasses'>,
  pointer: string,
): Promise<FieldError[]> {
  const common = await commonPasswords();
  return passwordFaults(
    password,
    person,
    {
      minLength: config.passwordMinLength,
      classes: config.passwordClasses,
      isCommon: (text) => common.has(text.toLowerCase()),
    },
    pointer,
  );
}
