import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';

/**
 * Who passkeys are made for and shown to, in the words of WebAuthn. Both come from `PUBLIC_URL`
 * alone, never from a request: that is what keeps a passkey from working on any other site.
 */
@Injectable()
export class RelyingParty {
  /** A host name without port: passkeys are bound to it for good. */
  readonly id: string;
  /** The one origin whose pages may ask for passkeys. */
  readonly origin: string;
  /** Shown by the browser when a passkey is made. */
  readonly name = 'Latchkey';

  constructor(config: Config) {
    const { hostname, origin } = new URL(config.publicUrl);
    this.id = hostname;
    this.origin = origin;
  }
}
