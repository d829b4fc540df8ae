import { PERMISSIONS } from '../../src/users/permissions.js';
import type { Answer, RequestOptions } from './client.js';
import type { Person, TestServer } from './server.js';

const EVERY_PERMISSION = Object.keys(PERMISSIONS);

let roles = 0;

/** Signed in as this person. */
export function as(person: Person): RequestOptions {
  return { bearer: person.accessToken };
}

/** Makes a role with these permissions; gives its name. */
export async function makeRole(
  server: TestServer,
  admin: Person,
  permissions: string[],
): Promise<string> {
  const name = `role-${++roles}`;
  const answer = await server.post('/roles', { name, permissions }, as(admin));
  if (answer.status !== 201) throw new Error(`No role: ${answer.text}`);
  return name;
}

/** Gives the person exactly these roles. */
export async function giveRoles(
  server: TestServer,
  admin: Person,
  person: Person,
  names: string[],
): Promise<Answer> {
  const answer = await server.put(`/users/${person.id}/roles`, { roles: names }, as(admin));
  if (answer.status !== 200) throw new Error(`No roles: ${answer.text}`);
  return answer;
}

/** Someone with exactly these permissions. */
export async function personWith(
  server: TestServer,
  admin: Person,
  permissions: string[],
): Promise<Person> {
  const person = await server.person();
  await giveRoles(server, admin, person, [await makeRole(server, admin, permissions)]);
  return person;
}

export function everyPermissionBut(...names: string[]): string[] {
  return EVERY_PERMISSION.filter((name) => !names.includes(name));
}

/** The JSON pointers of a validation problem. */
export function pointers({ body }: Answer): string[] {
  return body.errors.map((error: { pointer: string }) => error.pointer);
}

/** A problem without the one member that differs from request to request. */
export function withoutInstance({ body }: Answer): object {
  const { instance: _, ...rest } = body;
  return rest;
}
