import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import { MasterKey } from '../../common/crypto/master-key.js';
import { sameBytes } from '../../common/crypto/secret-token.js';
import { currentRequest, setCookie } from '../../common/http/request-context.js';

/**
 * RFC 6265bis section 4.1.3.2: `__Host-` is taken only with Secure, Path=/ and without Domain, so
 * no other host, and nobody on the way, can put one there.
 */
const NAME = '__Host-latchkey-device';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const SENT = new RegExp(`(?:^|; *)${NAME}=([A-Za-z0-9_-]{48})(?=;|$)`);
/** From another site SameSite=Strict keeps it out. */
const SAME_SITE = /^(?:same-origin|same-site|none)$/;
const KEPT_SECONDS = 180 * 86_400;
const ID_BYTES = 16;
const TIME_BYTES = 4;

/**
 * Tells a browser that somebody has signed in with before, so that strangers who guess at the
 * account do not shut it out. It opens nothing: the password is asked for all the same.
 *
 * The value is base64url(device id, time in seconds, MAC of both and the address), random but for
 * the time, and worth something for that one address only. Checking one costs the same whether
 * anybody has the address.
 */
@Injectable()
export class DeviceCookie {
  constructor(
    private readonly masterKey: MasterKey,
    private readonly clock: Clock,
  ) {}

  /**
   * Id of the device of the present request, when it has signed in to this account before.
   *
   * @param emailKey canonical address
   */
  deviceOf(emailKey: string): string | undefined {
    const sent = SENT.exec(currentRequest()?.headers.cookie ?? '')?.[1];
    if (sent === undefined) return undefined;
    const bytes = Buffer.from(sent, 'base64url');
    const signed = bytes.subarray(0, ID_BYTES + TIME_BYTES);
    if (!sameBytes(bytes.subarray(ID_BYTES + TIME_BYTES), this.#mac(signed, emailKey))) {
      return undefined;
    }
    const age = this.#seconds() - signed.readUInt32BE(ID_BYTES);
    return age < KEPT_SECONDS ? signed.toString('base64url', 0, ID_BYTES) : undefined;
  }

  /**
   * Makes the browser of the present request a known device of the account. Nothing else gets a
   * cookie: a program has its network and its session, and expects no cookie with a token.
   */
  remember(emailKey: string): void {
    // Browsers say so by themselves, and no script can (Fetch Metadata section 2.3).
    if (!SAME_SITE.test(String(currentRequest()?.headers['sec-fetch-site']))) return;
    const device = this.deviceOf(emailKey);
    const signed = Buffer.alloc(ID_BYTES + TIME_BYTES);
    (device === undefined ? randomBytes(ID_BYTES) : Buffer.from(device, 'base64url')).copy(signed);
    signed.writeUInt32BE(this.#seconds(), ID_BYTES);
    const value = Buffer.concat([signed, this.#mac(signed, emailKey)]).toString('base64url');
    setCookie(`${NAME}=${value}; Max-Age=${KEPT_SECONDS}; ${ATTRIBUTES}`);
  }

  #mac(signed: Buffer, emailKey: string): Buffer {
    const data = Buffer.concat([signed, Buffer.from(emailKey)]);
    return this.masterKey.mac('device-cookie', data).subarray(0, 16);
  }

  #seconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
