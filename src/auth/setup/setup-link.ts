import { Injectable } from '@nestjs/common';
import { hashSecretToken, newSecretToken, sameBytes } from '../../common/crypto/secret-token.js';
import { Config } from '../../config/config.js';

/**
 * The link by which whoever reads the server's terminal or log makes the first administrator. It
 * lives as long as the process and works while there is no administrator.
 */
@Injectable()
export class SetupLink {
  readonly #token = newSecretToken('lk_su_');
  readonly #hash = hashSecretToken(this.#token);

  constructor(private readonly config: Config) {}

  /** The one secret that is ever logged, and only while no administrator exists. */
  url(): string {
    return `${this.config.publicUrl}/setup#token=${this.#token}`;
  }

  matches(token: string): boolean {
    return sameBytes(hashSecretToken(token), this.#hash);
  }
}
