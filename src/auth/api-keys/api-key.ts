import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/*
 * The text of an API key: `lk_key_`, the key's id as 32 hexadecimal digits, 43 random characters
 * (256 bits) and a checksum of 6, all letters and digits. A scanner for leaked secrets finds it by
 * `lk_key_[0-9a-f]{32}[0-9A-Za-z]{49}`, and is sure by the checksum.
 */

export const API_KEY_PREFIX = 'lk_key_';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is just above 2^256. */
const SECRET_LENGTH = 43;
/** 62^6 is above 2^32. */
const CHECKSUM_LENGTH = 6;
const ID_END = API_KEY_PREFIX.length + 32;
const API_KEY = /^lk_key_[0-9a-f]{32}[0-9A-Za-z]{49}$/;
/** As long as nobody's password is that has this beginning; also a key that lost a few characters. */
const LIKE_A_KEY = /^lk_key_[0-9A-Za-z]{60,}$/;

/** A new key with this id, a UUID. */
export function newApiKey(id: string): string {
  let text = API_KEY_PREFIX + id.replaceAll('-', '');
  for (let i = 0; i < SECRET_LENGTH; i++) text += ALPHABET[randomInt(ALPHABET.length)];
  return text + checksum(text);
}

/** The id a key is looked up by; undefined when it was mistyped, or is no key at all. */
export function apiKeyId(text: string): string | undefined {
  if (!API_KEY.test(text)) return undefined;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return text.endsWith(checksum(body)) ? idIn(text) : undefined;
}

/** The id in a text that has been found to be a key; of any other text, something that is no id. */
export function idIn(text: string): string {
  const hex = text.slice(API_KEY_PREFIX.length, ID_END);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Whether the password of RFC 7617 is rather an API key, perhaps a mistyped one. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith(API_KEY_PREFIX) && LIKE_A_KEY.test(text);
}

/** What is stored of a key. Guessing 256 random bits is out of reach, so a plain hash is enough. */
export function hashApiKey(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', text, 'buffer'));
}

/** CRC-32 in six characters. It keeps out typing errors, and nobody else. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    text = ALPHABET[rest % ALPHABET.length]! + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
