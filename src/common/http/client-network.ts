import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Stands for all that is no address, so that inventing names gives nobody a fresh budget. */
const UNKNOWN = 'unknown';

/**
 * The network a limit counts: an IPv4 address, or the /64 of an IPv6 address, because one
 * customer usually owns a whole /64. IPv4-mapped IPv6 is the IPv4 address it holds. A port, which
 * some proxies put behind the address, is left out.
 */
export function clientNetwork(ip: string): string {
  return known(ip).network;
}

function networkOf(ip: string): string {
  const address = withoutPort(ip).split('%')[0]!;
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return UNKNOWN;
  const groups = ipv6Groups(address);
  // RFC 4291 section 2.5.5.2
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [groups[6]! >> 8, groups[6]! & 0xff, groups[7]! >> 8, groups[7]! & 0xff].join('.');
  }
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

/**
 * The address a request came from, to be kept and shown; null when what a trusted proxy passed on
 * is no address. A port behind it is left out.
 */
export function clientAddress(ip: string): string | null {
  return known(ip).address;
}

interface Known {
  network: string;
  address: string | null;
}

/** More than any address with a zone and a port: what a proxy passes on may be anything. */
const LONGEST = 100;
/** Most requests come from few addresses. */
const KEPT = 1000;
const parsed = new Map<string, Known>();

function known(ip: string): Known {
  if (ip.length > LONGEST) return { network: UNKNOWN, address: null };
  let found = parsed.get(ip);
  if (!found) {
    if (parsed.size >= KEPT) parsed.clear();
    parsed.set(ip, (found = { network: networkOf(ip), address: addressOf(ip) }));
  }
  return found;
}

function addressOf(ip: string): string | null {
  const address = withoutPort(ip);
  return isIP(address) === 0 ? null : address;
}

function withoutPort(ip: string): string {
  const match = /^(?:\[([^\]]*)\]|(\d{1,3}(?:\.\d{1,3}){3}))(?::\d{1,5})?$/.exec(ip);
  return match?.[1] ?? match?.[2] ?? ip;
}

/** The eight numbers of an IPv6 address, `::` and a dotted tail (RFC 4291 section 2.2) written out. */
export function ipv6Groups(address: string): number[] {
  const [head = [], tail = []] = address.split('::').map(hexGroups);
  const zeros = address.includes('::') ? 8 - head.length - tail.length : 0;
  return [...head, ...Array<number>(zeros).fill(0), ...tail];
}

function hexGroups(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a, b, c, d] = group.split('.').map(Number) as [number, number, number, number];
    return [(a << 8) | b, (c << 8) | d];
  });
}
