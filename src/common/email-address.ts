import { domainToASCII } from 'node:url';

/**
 * The local part as RFC 5321 "Dot-string", letters of any script included (RFC 6531). Quoted local
 * parts are refused: they can hide a second `@`. Linear: no two parts of it match the same text.
 */
const LOCAL_PART =
  /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ASCII_PUNCTUATION = /[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]/;

/** Longest address in characters (RFC 5321 section 4.5.3.1.3, less the angle brackets). */
export const MAX_EMAIL_LENGTH = 254;

/**
 * The one form in which two addresses are compared: trimmed, NFKC, lower-cased, the domain in its
 * ASCII form. Every look-up and every uniqueness rule uses it.
 *
 * @returns undefined when `typed` is no address, also when an `@`, a dot or other punctuation
 *   appears only through normalisation (`＠`, `。`): what is checked must be what is compared.
 */
export function canonicalEmail(typed: string): string | undefined {
  if (typed.length > MAX_EMAIL_LENGTH + 20) return undefined;
  const trimmed = typed.trim();
  if (!trimmed.isWellFormed()) return undefined;
  for (const char of trimmed) {
    if (char > '\x7f' && ASCII_PUNCTUATION.test(char.normalize('NFKC'))) return undefined;
  }

  const folded = trimmed.normalize('NFKC').toLowerCase().normalize('NFKC');
  const at = folded.indexOf('@');
  if (at < 1 || at !== folded.lastIndexOf('@')) return undefined;
  const local = folded.slice(0, at);
  const typedDomain = folded.slice(at + 1);
  const domain = domainToASCII(typedDomain);
  if (dots(domain) !== dots(typedDomain)) return undefined;

  const key = `${local}@${domain}`;
  if (Buffer.byteLength(local) > 64 || Buffer.byteLength(key) > MAX_EMAIL_LENGTH) return undefined;
  if (!LOCAL_PART.test(local) || !DOMAIN.test(domain)) return undefined;
  if (!domain.includes('.') && domain !== 'localhost') return undefined;
  // An all-digit last label makes the domain an IPv4 address.
  if (/\.\d+$/.test(domain)) return undefined;
  return key;
}

function dots(text: string): number {
  return text.split('.').length;
}
