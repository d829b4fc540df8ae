import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MasterKey } from '../../common/crypto/master-key.js';
import { MAX_EMAIL_LENGTH } from '../../common/email-address.js';

const PREFIX = 'lk_lt_';
const TOKEN = /^lk_lt_([A-Za-z0-9_-]{420})$/;
const CONTEXT = 'login-token';
const SECRET_BYTES = 32;

/**
 * What whoever asks for a sign-in code is answered, and has to send back with it: a code that was
 * asked for elsewhere, and coaxed out of its reader, is worth nothing there (ASVS 6.6.2).
 *
 * `lk_lt_` and base64url of 256 random bits and the address, padded and sealed. So the address it was asked
 * for is known without a row, which an address of nobody must not leave behind. What opens the
 * account is the row with its hash, written when it is decided to send a code.
 */
@Injectable()
export class LoginTokens {
  constructor(private readonly masterKey: MasterKey) {}

  /** @param emailKey canonical address, known or not */
  issue(emailKey: string): string {
    const plain = Buffer.alloc(SECRET_BYTES + MAX_EMAIL_LENGTH + 1);
    randomBytes(SECRET_BYTES).copy(plain);
    plain.write(emailKey, SECRET_BYTES);
    return (
      PREFIX + Buffer.from(this.masterKey.seal('login-token', CONTEXT, plain)).toString('base64url')
    );
  }

  /** The canonical address a token was asked for; undefined: it is none of ours. */
  emailKeyOf(token: string): string | undefined {
    const sealed = TOKEN.exec(token)?.[1];
    if (sealed === undefined) return undefined;
    try {
      const plain = this.masterKey.open('login-token', CONTEXT, Buffer.from(sealed, 'base64url'));
      return plain.toString('utf8', SECRET_BYTES, plain.indexOf(0, SECRET_BYTES));
    } catch {
      return undefined;
    }
  }
}
