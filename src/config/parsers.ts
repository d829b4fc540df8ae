/**
 * One parser per kind of value. Each returns the value or throws an Error whose message completes
 * the sentence "NAME ...".
 */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import {
  isLoopbackAddress,
  isPublicAddress,
  literalAddress,
} from '../common/http/public-address.js';

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `15m` -> milliseconds, within the bounds (also milliseconds). */
export function duration(min = 1000, max = 3650 * 86_400_000): (text: string) => number {
  return (text) => {
    const match = /^(\d{1,9})(s|m|h|d)$/.exec(text);
    if (!match) throw new Error('must be a whole number with a unit: s, m, h or d');
    const ms = Number(match[1]) * UNIT_MS[match[2]!]!;
    if (ms < min || ms > max) {
      throw new Error(`must lie between ${showDuration(min)} and ${showDuration(max)}`);
    }
    return ms;
  };
}

/** `0`, which stands for no limit, or what the other parser takes. */
export function zeroOr(other: (text: string) => number): (text: string) => number {
  return (text) => (text === '0' ? 0 : other(text));
}

/** How long one key signs: `0` or `off` for no schedule, otherwise at least an hour. */
export function rotation(text: string): number {
  return text === 'off' ? 0 : zeroOr(duration(3_600_000))(text);
}

/** Milliseconds in the largest unit that gives a whole number: 900000 -> `15m`. */
export function showDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (ms >= UNIT_MS[unit]! && ms % UNIT_MS[unit]! === 0) return `${ms / UNIT_MS[unit]!}${unit}`;
  }
  return `${ms / 1000}s`;
}

export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < min || Number(text) > max) {
      throw new Error(`must be a whole number between ${min} and ${max}`);
    }
    return Number(text);
  };
}

export function oneOf<const Choice extends string>(...choices: Choice[]): (text: string) => Choice {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined) throw new Error(`must be ${choices.join(' or ')}`);
    return choice;
  };
}

/** Comma-separated values, each one of the choices, none twice. */
export function subsetOf<const Choice extends string>(
  ...choices: Choice[]
): (text: string) => Choice[] {
  const each = oneOf(...choices);
  return (text) => {
    try {
      return [...new Set(commaSeparated(text).map(each))];
    } catch {
      throw new Error(`must be any of ${choices.join(', ')}, separated by commas`);
    }
  };
}

/** Comma-separated names of roles; `none` for none. */
export function roleNames(text: string): string[] {
  if (text === 'none') return [];
  const names = [...new Set(commaSeparated(text))];
  if (names.length > 0 && names.every((name) => ROLE_NAME.test(name))) return names;
  throw new Error('must be names of roles, separated by commas, or none');
}

/** `20/1h` -> how many in how many milliseconds. */
export function rate(text: string): { count: number; windowMs: number } {
  const match = /^(\d{1,7})\/(\d{1,5}[smhd])$/.exec(text);
  if (!match || Number(match[1]) < 1) {
    throw new Error('must be a count, a slash and a duration, at least 1/1s');
  }
  return { count: Number(match[1]), windowMs: duration(1000, UNIT_MS.d)(match[2]!) };
}

/**
 * The origin of PUBLIC_URL. A path, query, fragment or credentials are refused: links are made by
 * putting a path behind it.
 */
export function origin(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Error('must be a URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error('must begin with http:// or https://');
  }
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/') {
    throw new Error('must be scheme, host and port only, without a path');
  }
  if (url.hostname.includes('*')) throw new Error('must name one host, without *');
  return url.origin;
}

/** Exact origins as browsers send them, comma-separated; no `*`, no path, no final slash. */
export function origins(text: string): string[] {
  return commaSeparated(text).map((item) => {
    let parsed: string;
    try {
      parsed = origin(item);
    } catch {
      throw new Error('must be origins such as https://app.example.org, separated by commas');
    }
    if (parsed !== item) {
      throw new Error(`must be exact origins: write ${parsed} instead of ${item}`);
    }
    return parsed;
  });
}

/** `0`, a number of hops, or a list of addresses and CIDRs. `true` would trust whoever asks. */
export function trustProxy(text: string): number | string[] {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const items = commaSeparated(text);
  if (items.length === 0 || !items.every(isNetwork)) {
    throw new Error('must be a number of hops or a list of addresses or CIDRs, never "true"');
  }
  return items;
}

/** An address or a CIDR; not `/0`, which is everybody. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return (
    /^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128)
  );
}

/** src/users/role.dto.ts holds the same. */
const ROLE_NAME = /^[a-z0-9_-]{2,40}$/;
const KNOWN_KEYS = new Set(['changeme', 'change-me', 'secret', 'masterkey', 'master-key']);

/** 32 bytes of base64 that were not typed by a human. */
export function masterKey(text: string): Buffer {
  if (KNOWN_KEYS.has(text.toLowerCase())) throw new Error('is a known value');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) throw new Error('must be 32 bytes in base64');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32) throw new Error('must be 32 bytes in base64');
  // 32 random bytes hold 30 different values on average and, one time in 10^25, fewer than 16.
  if (new Set(bytes).size < 16) throw new Error('is not random: too few different bytes');
  const steps = new Set(bytes.map((byte, i) => (byte - (bytes[i - 1] ?? 0)) & 0xff));
  if (steps.size < 8) throw new Error('is not random: it counts up or down');
  // What a person types as text and encodes: all printable. Odds for random bytes: (95/256)^32.
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    throw new Error('is not random: it is text, not random bytes');
  }
  return bytes;
}

const SHORTEST_TOKEN = 16;

/** What can stand behind `Bearer` (b64token of RFC 6750 section 2.1), and is not soon guessed. */
export function token(text: string): string {
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(text)) {
    throw new Error('must be letters, digits and any of . _ ~ + / -');
  }
  if (text.length < SHORTEST_TOKEN) {
    throw new Error(`must be at least ${SHORTEST_TOKEN} characters`);
  }
  return text;
}

export function smtpUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Error('must be a URL');
  }
  if ((url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || !url.hostname) {
    throw new Error('must begin with smtp:// or smtps:// and name a host');
  }
  try {
    [url.username, url.password].map(decodeURIComponent);
  } catch {
    throw new Error('must have a % in its user or password written as %25');
  }
  return text;
}

/** A URL that messages are sent to. What its name stands for is looked at when they are sent. */
export function webhookUrl(production: boolean): (text: string) => string {
  return (text) => {
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      throw new Error('must be a URL');
    }
    if (url.protocol !== 'https:' && (production || url.protocol !== 'http:')) {
      throw new Error(`must begin with https://${production ? '' : ' or http://'}`);
    }
    try {
      [url.username, url.password].map(decodeURIComponent);
    } catch {
      throw new Error('must have a % in its user or password written as %25');
    }
    const address = literalAddress(url);
    if (address === undefined ? url.hostname === 'localhost' : isLoopbackAddress(address)) {
      if (production) throw new Error('must not lead to this machine in production');
    } else if (address !== undefined && !isPublicAddress(address)) {
      throw new Error('must not lead to a private or reserved address');
    }
    return text;
  };
}

/** The bytes behind `whsec_`, 24 to 64 of them (Standard Webhooks). */
export function webhookSecret(text: string): Buffer {
  if (!text.startsWith('whsec_')) throw new Error('must begin with whsec_');
  const encoded = text.slice('whsec_'.length);
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64').replaceAll('=', '') !== encoded.replace(/={1,2}$/, '')) {
    throw new Error('must be base64 behind whsec_');
  }
  if (bytes.length < 24 || bytes.length > 64) {
    throw new Error('must be 24 to 64 bytes in base64 behind whsec_');
  }
  return bytes;
}

/** `Name <box@host>` or `box@host`. */
export function mailbox(text: string): string {
  const address = /^(?:[^<>"\p{Cc}]{1,100} )?<([^<>]+)>$/u.exec(text)?.[1] ?? text;
  const domain = /^[^\s<>@,;"]{1,64}@([^\s<>@,;"]{1,255})$/.exec(address)?.[1];
  if (domain === undefined || domainToASCII(domain) === '') {
    throw new Error('must be an address, or a name and an address in angle brackets');
  }
  return text;
}

export function host(text: string): string {
  if (!/^[A-Za-z0-9.:_-]{1,255}$/.test(text)) throw new Error('must be a host name or an address');
  return text;
}

function commaSeparated(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
