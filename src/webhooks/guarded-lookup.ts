import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from '../common/http/public-address.js';

/** An address that must not be spoken to. Its message is safe to show. */
export class ForbiddenAddress extends Error {
  constructor() {
    super('address not public');
  }
}

/** Who may be spoken to: public services and, for development, this machine. */
export function mayBeReached(address: string, loopbackToo: boolean): boolean {
  return isPublicAddress(address) || (loopbackToo && isLoopbackAddress(address));
}

/**
 * Looks a name up for the connection that is about to be made, so that no other answer can come
 * between the check and its use. A name with one forbidden address is refused as a whole.
 */
export function guardedLookup(
  loopbackToo: boolean,
  lookup: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const forbidden = addresses.some(({ address }) => !mayBeReached(address, loopbackToo));
      const [one] = addresses;
      if (forbidden || !one) return done(new ForbiddenAddress(), '', 0);
      if (options.all) return done(null, addresses);
      done(null, one.address, one.family);
    });
  };
}
