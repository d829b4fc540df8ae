import { inLanes } from './measure.mjs';

export const PASSWORD = 'correct horse battery staple';
export const ADMIN = { ADMIN_EMAIL: 'root@example.org', ADMIN_PASSWORD: PASSWORD };
export const ADMIN_BASIC = [ADMIN.ADMIN_EMAIL, PASSWORD];

/** Registers, confirms and signs in. Needs the mailbox for development. */
export async function makePerson(server, email) {
  await must(202, server.post('/auth/register', { email, password: PASSWORD }));
  const { token } = await server.mail(email);
  await must(200, server.post('/auth/verify-email', { token }));
  return { email, ...(await signIn(server, email)) };
}

export async function makePeople(server, count, prefix = 'person') {
  const people = [];
  await inLanes(8, count, async (nr) => {
    people[nr] = await makePerson(server, `${prefix}${nr}@example.org`);
  });
  return people;
}

/** @returns {Promise<{access: string, refresh: string}>} */
export async function signIn(server, email, password = PASSWORD) {
  const { body } = await must(200, server.post('/auth/login', { email, password }));
  return tokens(body);
}

export function tokens(body) {
  return { access: body.access_token, refresh: body.refresh_token };
}

export function me(server, access) {
  return server.get('/users/me', { bearer: access });
}

export function refresh(server, token) {
  return server.post('/auth/refresh', { refresh_token: token });
}

/** For what a trial needs before it begins: anything else than this status ends the trial. */
export async function must(status, answering) {
  const answer = await answering;
  if (answer.status !== status)
    throw new Error(`Expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer;
}
