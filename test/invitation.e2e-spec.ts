import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from './support/client.js';
import { HOUR, SECOND } from './support/clock.js';
import { as } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { exchange } from './support/raw.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;
let guests = 0;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
});
afterAll(() => server.stop());

/** By password, because the tests move time past the end of any token. */
function asAdmin(): RequestOptions {
  return { basic: [admin.email, admin.password] };
}

async function invited(more: object = {}) {
  const email = `guest${++guests}@example.org`;
  const { status, body, text } = await server.post('/users', { email, ...more }, asAdmin());
  if (status !== 201) throw new Error(text);
  return { id: body.id as string, email, mail: await server.newestMail(email) };
}

function again(id: string, options = asAdmin()): Promise<Answer> {
  return server.post(`/users/${id}/invitation`, undefined, options);
}

function accept(token: string | null, password = PASSWORD): Promise<Answer> {
  return server.post('/auth/password/reset', { token, password });
}

async function login(email: string, password = PASSWORD): Promise<number> {
  return (await server.post('/auth/login', { email, password })).status;
}

function invalidToken({ status, body }: Answer): boolean {
  return status === 400 && body.code === 'token_invalid';
}

describe('an invited person', () => {
  it('[6.4.1] chooses a password by the mailed link, which confirms the address', async () => {
    const { id, email, mail } = await invited({ name: 'Ada', roles: ['user'] });
    expect(mail.link).toBe(`${server.publicUrl}/auth/password/reset#token=${mail.token}`);
    expect(await login(email)).toBe(401);
    expect((await accept(mail.token)).status).toBe(204);
    expect(await login(email)).toBe(200);
    const { body } = await server.get(`/users/${id}`, asAdmin());
    expect(body).toMatchObject({ emailVerified: true, status: 'active', roles: ['user'] });
    expect(invalidToken(await accept(mail.token, 'one more of them'))).toBe(true);
  });

  it('is bound by the password policy, and tries again with the same link', async () => {
    const { mail } = await invited();
    expect((await accept(mail.token, 'password')).body.code).toBe('password_rejected');
    expect((await accept(mail.token)).status).toBe(204);
  });

  it('[2.3.4] who accepts two hundred times at once has one password', async () => {
    const { email, mail } = await invited();
    const wanted = (nr: number) => `wholly different words nr ${nr}`;
    const answers = await atOnce(200, (nr) => accept(mail.token, wanted(nr)));
    const statuses = answers.map(({ status }) => status);
    expect(tally(statuses)[204]).toBe(1);
    expect(statuses.filter((status) => ![204, 400, 503].includes(status))).toEqual([]);
    expect(await login(email, wanted(statuses.indexOf(204)))).toBe(200);
  });

  it('gets another invitation by asking for a new password', async () => {
    const { email, mail } = await invited();
    await server.post('/auth/password/forgot', { email });
    const newer = await server.newestMail(email);
    expect(newer.subject).toBe(mail.subject);
    expect(invalidToken(await accept(mail.token))).toBe(true);
    expect((await accept(newer.token)).status).toBe(204);
  });

  it('cannot be forestalled by whoever registers the address', async () => {
    const { email, mail } = await invited({ roles: ['user', 'admin'] });
    await server.post('/auth/register', { email, password: 'squatting here for long' });
    await accept(mail.token);
    expect(await login(email, 'squatting here for long')).toBe(401);
  });
});

describe('an invitation of an address somebody has registered', () => {
  const SQUATTED = 'squatting here for long';

  async function squatted(name = 'Mallory') {
    const email = `guest${++guests}@example.org`;
    await server.post('/auth/register', { email, name, password: SQUATTED });
    const { token } = await server.newestMail(email);
    const page = await server.get(`/users?q=${email}`, asAdmin());
    return { email, token, id: page.body.items[0].id as string };
  }

  const invite = (email: string, more: object = {}) =>
    server.post('/users', { email, ...more }, asAdmin());

  it('and nobody has confirmed takes it over: name, password and mails are gone', async () => {
    const { email, id, token } = await squatted();
    const { status, body } = await invite(email, { roles: ['user', 'admin'] });
    expect(status).toBe(201);
    expect(body).toMatchObject({ id, name: null, emailVerified: false, roles: ['admin', 'user'] });
    expect(invalidToken(await server.post('/auth/verify-email', { token }))).toBe(true);
    await server.post('/auth/register', { email, password: SQUATTED });

    const mail = await server.newestMail(email);
    expect(mail.link).toContain('/auth/password/reset#token=');
    expect((await accept(mail.token)).status).toBe(204);
    expect(await login(email, SQUATTED)).toBe(401);
    expect(await login(email)).toBe(200);
  });

  it('takes it over once, however many invite at the same moment', async () => {
    const { email } = await squatted();
    const answers = await atOnce(20, () => invite(email, { name: 'Ada' }));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 1, 409: 19 });
  });

  it('is refused once it is confirmed, disabled, or invited', async () => {
    const confirmed = await squatted();
    await server.post('/auth/verify-email', { token: confirmed.token });
    const disabled = await squatted();
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, asAdmin());
    const { email } = await invited();
    for (const taken of [confirmed.email, disabled.email, email]) {
      expect((await invite(taken)).body.code).toBe('conflict');
    }
    expect(await login(confirmed.email, SQUATTED)).toBe(200);
  });
});

describe('an invitation', () => {
  it('[6.4.1] is good for a day; when it has run out it can be repeated', async () => {
    const early = await invited();
    server.clock.advance(24 * HOUR - 30 * SECOND);
    expect((await accept(early.mail.token)).status).toBe(204);

    const late = await invited();
    server.clock.advance(24 * HOUR);
    expect(invalidToken(await accept(late.mail.token))).toBe(true);
    const repeated = await again(late.id);
    expect([repeated.status, Object.keys(repeated.body)]).toEqual([202, ['message']]);
    const { token } = await server.newestMail(late.email);
    expect((await accept(token)).status).toBe(204);
    expect(await login(late.email)).toBe(200);
  });

  it('that is repeated makes the earlier ones worthless', async () => {
    const { id, email, mail } = await invited();
    await again(id);
    expect(invalidToken(await accept(mail.token))).toBe(true);
    expect((await accept((await server.newestMail(email)).token)).status).toBe(204);
  });

  it('that was accepted cannot be repeated', async () => {
    const { id, mail } = await invited();
    await accept(mail.token);
    for (const accepted of [id, (await server.person()).id]) {
      const answer = await again(accepted);
      expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    }
  });

  it('to an account that is disabled is worthless, and cannot be repeated until it is enabled', async () => {
    const { id, email, mail } = await invited();
    await server.patch(`/users/${id}`, { status: 'disabled' }, asAdmin());
    expect(invalidToken(await accept(mail.token))).toBe(true);
    expect((await again(id)).status).toBe(409);
    await server.patch(`/users/${id}`, { status: 'active' }, asAdmin());
    expect((await again(id)).status).toBe(202);
    expect((await accept((await server.newestMail(email)).token)).status).toBe(204);
  });

  it('dies with the account', async () => {
    const { id, mail } = await invited();
    await server.delete(`/users/${id}`, asAdmin());
    expect(invalidToken(await accept(mail.token))).toBe(true);
    expect((await again(id)).status).toBe(404);
  });

  it('is sent and repeated by those with users:write only', async () => {
    const { id } = await invited();
    const nobody = await server.person();
    expect((await again(id, as(nobody))).body.code).toBe('permission_required');
    expect((await again(id, {})).body.code).toBe('token_missing');
  });

  it('[F18] sent with an evil Host leads to the configured address alone', async () => {
    const email = `guest${++guests}@example.org`;
    const json = JSON.stringify({ email });
    const { accessToken } = await server.signIn(admin.email);
    const answer = await exchange(
      server.url,
      [
        'POST /users HTTP/1.1',
        'Host: evil.example',
        'X-Forwarded-Host: evil.example',
        'Connection: close',
        `Authorization: Bearer ${accessToken}`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(json)}`,
        '',
        json,
      ].join('\r\n'),
    );
    expect(answer.status).toBe(201);
    const mail = await server.newestMail(email);
    expect(mail.link).toBe(`${server.publicUrl}/auth/password/reset#token=${mail.token}`);
    expect(mail.text + mail.html).not.toContain('evil');
  });
});
