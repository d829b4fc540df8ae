import type { IncomingHttpHeaders } from 'node:http';
import { API_KEY_PREFIX, looksLikeApiKey } from '../api-keys/api-key.js';
import { bearerToken, isBasic, parseBasic } from './authorization-header.js';

export interface SentApiKey {
  key: string;
  /** What Basic was sent with: the owner's address is expected. */
  userId: string | undefined;
}

/**
 * The API key of a request: in X-API-Key, as `Authorization: Bearer`, or as the password of Basic,
 * for programs that know nothing else. Undefined: there is none. (Both headers at once are refused
 * before.)
 */
export function sentApiKey(headers: IncomingHttpHeaders): SentApiKey | undefined {
  const { authorization, 'x-api-key': header } = headers;
  if (header !== undefined) return { key: String(header), userId: undefined };
  const token = bearerToken(authorization);
  if (token?.startsWith(API_KEY_PREFIX)) return { key: token, userId: undefined };
  if (!isBasic(authorization)) return undefined;
  const credentials = parseBasic(authorization!);
  if (!credentials || !looksLikeApiKey(credentials.password)) return undefined;
  return { key: credentials.password, userId: credentials.userId };
}
