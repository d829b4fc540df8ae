import type { Answer, RequestOptions } from './client.js';
import { as } from './people.js';
import type { Person, TestServer } from './server.js';

export interface MadeKey {
  id: string;
  key: string;
}

/** Makes a key; `more` beside its name. */
export async function makeKey(
  server: TestServer,
  owner: Person,
  more: object = {},
): Promise<MadeKey> {
  return made(await server.post('/auth/api-keys', { name: 'script', ...more }, as(owner)));
}

/** Makes a service account with these roles. */
export async function makeService(
  server: TestServer,
  admin: Person,
  roles: string[] = ['user'],
): Promise<{ id: string; email: string }> {
  const answer = await server.post('/users', { name: 'Robot', service: true, roles }, as(admin));
  if (answer.status !== 201) throw new Error(`No service account: ${answer.text}`);
  return answer.body;
}

/** Makes a key for a service account. */
export async function makeKeyFor(
  server: TestServer,
  admin: Person,
  id: string,
  more: object = {},
): Promise<MadeKey> {
  return made(await server.post(`/users/${id}/api-keys`, { name: 'script', ...more }, as(admin)));
}

/** By the header of its own. */
export function by({ key }: { key: string }, headers: Record<string, string> = {}): RequestOptions {
  return { headers: { 'x-api-key': key, ...headers } };
}

function made(answer: Answer): MadeKey {
  if (answer.status !== 201) throw new Error(`No key: ${answer.text}`);
  return answer.body;
}
