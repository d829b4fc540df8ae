import { generateSync } from 'otplib';
import type { Answer } from './client.js';
import { as } from './people.js';
import { type Person, PASSWORD, type TestServer } from './server.js';

/** Somebody whose authenticator app has this seed. */
export interface PersonWithApp extends Person {
  secret: string;
  recoveryCodes: string[];
}

/** The code an app shows; of the step so many away from the present one. */
export function codeOf(server: TestServer, secret: string, steps = 0): string {
  const epoch = Math.floor(server.clock.now().getTime() / 1000) + steps * 30;
  return generateSync({ secret, epoch });
}

/** A code that is not right now, nor in the window. */
export function wrongCode(server: TestServer, secret: string): string {
  const right = [-2, -1, 0, 1, 2].map((steps) => codeOf(server, secret, steps));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
    (code) => !right.includes(code),
  )!;
}

/** Moves to the beginning of the next step, in which apps show codes that have not been used. */
export function nextStep(server: TestServer): void {
  server.clock.advance(30_000 - (server.clock.now().getTime() % 30_000));
}

/** Someone who has added an authenticator app, lately signed in, with a fresh code to come. */
export async function withApp(server: TestServer, person: Person): Promise<PersonWithApp> {
  const begun = await server.post('/auth/mfa/totp', undefined, as(person));
  if (begun.status !== 200) throw new Error(`No seed: ${begun.text}`);
  const { secret } = begun.body;
  const code = codeOf(server, secret);
  const confirmed = await server.post('/auth/mfa/totp/confirm', { code }, as(person));
  if (confirmed.status !== 200) throw new Error(`Not confirmed: ${confirmed.text}`);
  nextStep(server);
  return { ...person, secret, recoveryCodes: confirmed.body.recoveryCodes };
}

/** The password step; gives the mfa_token. */
export async function halfWay(server: TestServer, { email }: Person): Promise<string> {
  const { status, body } = await server.post('/auth/login', { email, password: PASSWORD });
  if (status !== 401 || body.code !== 'mfa_required') throw new Error(`${status} ${body.code}`);
  return body.mfa_token;
}

/** Both steps; the answer to the second. */
export async function signInWithApp(server: TestServer, person: PersonWithApp): Promise<Answer> {
  nextStep(server);
  const mfa_token = await halfWay(server, person);
  return server.post('/auth/mfa/verify', { mfa_token, code: codeOf(server, person.secret) });
}
