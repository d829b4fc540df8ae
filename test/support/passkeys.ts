import { Authenticator, type Misbehaviour } from './authenticator.js';
import type { Answer } from './client.js';
import { as } from './people.js';
import type { Person, TestServer } from './server.js';

type AuthenticatorOptions = ConstructorParameters<typeof Authenticator>[1];

/** Someone with a passkey. */
export interface Holder {
  person: Person;
  device: Authenticator;
  /** Of the passkey. */
  id: string;
  recoveryCodes: string[];
}

/** A browser at the server's own pages, with nothing in it. */
export function newDevice(server: TestServer, options?: AuthenticatorOptions): Authenticator {
  return new Authenticator(server.publicUrl, options);
}

/** Makes a passkey on the device and sends it in. */
export async function register(
  server: TestServer,
  person: Person,
  device: Authenticator,
  more: object = {},
  wrong?: Misbehaviour,
): Promise<Answer> {
  const options = await registrationOptions(server, person);
  const response = device.create(options, wrong);
  return server.post('/auth/passkeys/registration', { response, ...more }, as(person));
}

export async function registrationOptions(server: TestServer, person: Person): Promise<any> {
  const answer = await server.post('/auth/passkeys/registration/options', undefined, as(person));
  if (answer.status !== 200) throw new Error(`No options: ${answer.text}`);
  return answer.body;
}

export async function holder(
  server: TestServer,
  options?: AuthenticatorOptions,
  person?: Person,
): Promise<Holder> {
  const owner = person ?? (await server.person());
  const device = newDevice(server, options);
  const answer = await register(server, owner, device);
  if (answer.status !== 201) throw new Error(`No passkey: ${answer.text}`);
  const { id, recoveryCodes } = answer.body;
  return { person: owner, device, id, recoveryCodes };
}

/** @param use mfa_token or purpose; none: to sign in with the passkey alone */
export async function authenticationOptions(
  server: TestServer,
  use: object = {},
  person?: Person,
): Promise<any> {
  const signedIn = person ? as(person) : {};
  const answer = await server.post('/auth/passkeys/authentication/options', use, signedIn);
  if (answer.status !== 200) throw new Error(`No options: ${answer.text}`);
  return answer.body;
}

/** Signs in with the passkey alone. */
export async function signInBy(
  server: TestServer,
  device: Authenticator,
  wrong?: Misbehaviour,
): Promise<Answer> {
  const response = device.get(await authenticationOptions(server), wrong);
  return server.post('/auth/passkeys/authentication', { response });
}
