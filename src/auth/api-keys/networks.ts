import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { ipv6Groups } from '../../common/http/client-network.js';

/**
 * The one spelling of a network: `192.0.2.0/24`, `2001:db8::/32`. A single address is a network of
 * one. Undefined for anything else, also when an address has bits behind its prefix: whoever writes
 * `10.1.2.3/8` may have meant either.
 */
export function canonicalNetwork(text: string): string | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = bitsOf(address);
  if (bits === undefined || rest.length > 0) return undefined;
  if (prefix !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const length = prefix === undefined ? bits.length : Number(prefix);
  if (length > bits.length || bits.includes('1', length)) return undefined;
  return `${isIPv4(address) ? address : shortest(address)}/${length}`;
}

/** The networks a key may come from. */
export class Networks {
  readonly #list = new BlockList();

  /** @param networks canonical */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address, prefix] = network.split('/') as [string, string];
      this.#list.addSubnet(address, Number(prefix), familyOf(address));
    }
  }

  /** @param address null: it is not known. IPv4-mapped IPv6 is the IPv4 address it holds. */
  include(address: string | null): boolean {
    if (address === null) return false;
    const bare = address.split('%')[0]!;
    return this.#list.check(bare, familyOf(bare));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

/** 32 or 128 binary digits. IPv4 written as IPv6 is no network here: it is written as IPv4. */
function bitsOf(address: string): string | undefined {
  if (isIPv4(address)) return digits(address.split('.').map(Number), 8);
  if (!isIPv6(address) || address.includes('%')) return undefined;
  const groups = ipv6Groups(address);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return mapped ? undefined : digits(groups, 16);
}

function digits(numbers: readonly number[], width: number): string {
  return numbers.map((number) => number.toString(2).padStart(width, '0')).join('');
}

/** RFC 5952, as URLs have it. */
function shortest(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
