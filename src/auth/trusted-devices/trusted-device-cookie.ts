import { Injectable } from '@nestjs/common';
import { currentRequest, setCookie } from '../../common/http/request-context.js';

/**
 * RFC 6265bis section 4.1.3.2: `__Host-` is taken only with Secure, Path=/ and without Domain, so
 * no other host, and nobody on the way, can put one there.
 */
const NAME = '__Host-latchkey-trusted-device';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const SENT = new RegExp(`(?:^|; *)${NAME}=(lk_td_[A-Za-z0-9_-]{43})(?=;|$)`);

/** Where a device keeps what it is trusted by. */
@Injectable()
export class TrustedDeviceCookie {
  /** What the present request has sent. */
  sent(): string | undefined {
    return SENT.exec(currentRequest()?.headers.cookie ?? '')?.[1];
  }

  /**
   * Whether whoever is answered can keep a cookie and send it back. A page of another site cannot,
   * because of SameSite=Strict; a program can if it wants to, and has said that it does.
   */
  isKept(): boolean {
    return currentRequest()?.headers['sec-fetch-site'] !== 'cross-site';
  }

  set(token: string, seconds: number): void {
    setCookie(`${NAME}=${token}; Max-Age=${seconds}; ${ATTRIBUTES}`);
  }
}
