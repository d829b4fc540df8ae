import { Injectable } from '@nestjs/common';
import { MasterKey } from '../../common/crypto/master-key.js';
import { assertWithin, BOUNDS } from './formats/bounds.js';
import { taken, UnusableHash } from './formats/format.js';
import { importedHash, isImported, originalHash } from './imported-hash.js';

const OWN = 'latchkey:';
const FORM = /^latchkey:([0-9a-f]{16}):(\$2b\$(\d\d)\$[./A-Za-z0-9]{53})$/;

/**
 * Password hashes as they leave and enter a server. Other systems' keep their own form; ours read
 *
 *     latchkey:<fingerprint of the pepper>:$2b$10$...
 *
 * and are worth something only under the same master key: the fingerprint says so at the import,
 * rather than every sign-in afterwards.
 */
@Injectable()
export class PortableHashes {
  readonly #fingerprint: string;

  constructor(masterKey: MasterKey) {
    this.#fingerprint = masterKey.mac('password-pepper-id', '').toString('hex').slice(0, 16);
  }

  /** @param stored as the table User has it */
  toPortable(stored: string): string {
    return isImported(stored) ? originalHash(stored) : `${OWN}${this.#fingerprint}:${stored}`;
  }

  /**
   * What the table User shall have.
   *
   * @throws UnusableHash unknown, malformed, too costly, or made under another master key
   */
  toStored(portable: string): string {
    if (!portable.startsWith(OWN)) return importedHash(portable);
    const [fingerprint, hash, cost] = taken(FORM, portable, 'latchkey') as [string, string, string];
    if (fingerprint !== this.#fingerprint) {
      throw new UnusableHash(
        'The passwordHash was made under another MASTER_KEY, and is worthless here.',
      );
    }
    assertWithin('cost', Number(cost), BOUNDS.bcryptCost, 4);
    return hash;
  }
}
