import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from './support/client.js';
import { MINUTE, SECOND } from './support/clock.js';
import { codeOf, halfWay, nextStep, signInWithApp, withApp, wrongCode } from './support/factors.js';
import { decode } from './support/jwt.js';
import { as, pointers } from './support/people.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { makeService, of, postForm } from './support/services.js';

/** What needs a proof within the last five minutes, and how to give it again. */

const NOBODY = '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
});
afterAll(() => server.stop());

const reauthenticate = (person: Person, json: object): Promise<Answer> =>
  server.post('/auth/reauthenticate', json, as(person));

/** Every route that takes away, hands out or opens what cannot be had back. */
const DANGEROUS: [method: string, path: string, json?: object][] = [
  ['POST', '/auth/email/change', { newEmail: 'x@example.org', currentPassword: PASSWORD }],
  ['POST', '/auth/mfa/totp'],
  ['POST', '/auth/mfa/totp/confirm', { code: '123456' }],
  ['DELETE', '/auth/mfa/totp', { currentPassword: PASSWORD, code: '123456' }],
  ['POST', '/auth/mfa/recovery-codes'],
  ['POST', '/auth/passkeys/registration/options'],
  ['POST', '/auth/api-keys', { name: 'script' }],
  ['GET', '/users/me/export'],
  ['DELETE', '/users/me', { currentPassword: PASSWORD }],
  ['PUT', `/users/${NOBODY}/roles`, { roles: ['user'] }],
  ['POST', '/users', { email: 'y@example.org', roles: ['admin'] }],
  ['POST', '/roles', { name: 'made-late', permissions: [] }],
  ['PATCH', '/roles/made-late', { permissions: [] }],
  ['DELETE', '/roles/made-late'],
  ['DELETE', `/users/${NOBODY}`],
  ['DELETE', `/users/${NOBODY}/mfa`],
];

describe('[7.5.1] [7.5.3] five minutes after the sign-in', () => {
  let late: Person;

  beforeAll(async () => {
    late = await server.administrator();
    server.clock.advance(5 * MINUTE);
  });

  it.each(DANGEROUS)('%s %s asks for another proof', async (method, path, json) => {
    const options: RequestOptions = json ? { ...as(late), json } : as(late);
    const answer = await server.send(method, path, options);
    expect([answer.status, answer.body.code]).toEqual([403, 'recent_login_required']);
  });

  it('everything else goes on', async () => {
    expect((await server.get('/users/me', as(late))).status).toBe(200);
    expect((await server.get('/roles', as(late))).status).toBe(200);
    expect((await server.post('/users', { email: 'z@example.org' }, as(late))).status).toBe(201);
  });

  it('a password that is sent with the request is such a proof', async () => {
    const basic: [string, string] = [late.email, PASSWORD];
    const role = { name: 'made-late', permissions: [] };
    expect((await server.post('/roles', role, { basic })).status).toBe(201);
    expect((await server.delete('/roles/made-late', { basic })).status).toBe(204);
  });
});

describe('proving again who one is', () => {
  it('counts for five minutes, for this session alone, and its tokens go on', async () => {
    const ada = await server.person();
    const other = await server.signIn(ada.email);
    server.clock.advance(5 * MINUTE);
    const answer = await reauthenticate(ada, { password: PASSWORD });
    expect(answer.status).toBe(200);
    const until = new Date(answer.body.recentUntil).getTime();
    const rest = until - server.clock.now().getTime();
    expect(rest).toBeGreaterThan(4 * MINUTE);
    expect(rest).toBeLessThanOrEqual(5 * MINUTE);

    expect((await server.get('/users/me/export', as(ada))).status).toBe(200);
    const elsewhere = await server.get('/users/me/export', as(other));
    expect(elsewhere.body.code).toBe('recent_login_required');
    server.clock.advance(5 * MINUTE);
    const later = await server.get('/users/me/export', as(ada));
    expect(later.body.code).toBe('recent_login_required');
  });

  it('is told in the next tokens of the session, and in the audit trail', async () => {
    const ada = await server.person();
    const before = decode(ada.accessToken).claims.auth_time;
    server.clock.advance(6 * MINUTE);
    await reauthenticate(ada, { password: PASSWORD });
    const { body } = await server.post('/auth/refresh', { refresh_token: ada.refreshToken });
    expect(decode(body.access_token).claims.auth_time).toBeGreaterThanOrEqual(before + 360);
    const exported = await server.get('/users/me/export', { bearer: body.access_token });
    expect(exported.body.auditEvents.at(-1)).toMatchObject({
      type: 'login.reauthenticated',
      actor: ada.id,
    });
  });

  it('takes the password, and a wrong one is refused', async () => {
    const ada = await server.person();
    server.clock.advance(5 * MINUTE);
    const nothing = await reauthenticate(ada, {});
    expect([nothing.status, pointers(nothing)]).toEqual([400, ['/password']]);
    const wrong = await reauthenticate(ada, { password: 'not it' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'current_password_wrong']);
    const still = await server.get('/users/me/export', as(ada));
    expect(still.body.code).toBe('recent_login_required');
  });

  it('takes the second factor, too, from who has one; a code works once', async () => {
    const ada = await withApp(server, await server.person());
    server.clock.advance(5 * MINUTE);
    nextStep(server);
    const password = PASSWORD;
    const half = await reauthenticate(ada, { password });
    expect([half.status, pointers(half)]).toEqual([400, ['/code']]);
    const wrong = await reauthenticate(ada, { password, code: wrongCode(server, ada.secret) });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'mfa_code_invalid']);
    const code = codeOf(server, ada.secret);
    const wrongPassword = await reauthenticate(ada, { password: 'not it', code });
    expect(wrongPassword.body.code).toBe('current_password_wrong');
    expect((await reauthenticate(ada, { password, code })).status).toBe(200);
    expect((await server.get('/users/me/export', as(ada))).status).toBe(200);
    expect((await reauthenticate(ada, { password, code })).body.code).toBe('mfa_code_invalid');
    const { body } = await server.post('/auth/refresh', { refresh_token: ada.refreshToken });
    expect(decode(body.access_token).claims.amr).toEqual(['pwd', 'otp', 'mfa']);
  });

  it('does nothing for a session that has ended, nor for a key', async () => {
    const ada = await server.person();
    const made = await server.post('/auth/api-keys', { name: 'script' }, as(ada));
    const byKey = { bearer: made.body.key };
    const answer = await server.post('/auth/reauthenticate', { password: PASSWORD }, byKey);
    expect([answer.status, answer.body.code]).toEqual([403, 'recent_login_required']);
    await server.post('/auth/logout', undefined, as(ada));
    expect((await reauthenticate(ada, { password: PASSWORD })).body.code).toBe('token_revoked');
  });
});

describe('[F46] an mfa_token', () => {
  it('opens nothing but the second half of its sign-in', async () => {
    const ada = await withApp(server, await server.person());
    const { body } = await server.post('/auth/login', { email: ada.email, password: PASSWORD });
    const { mfa_token } = body;
    const codes = [
      await server.get('/users/me', { bearer: mfa_token }),
      await server.get('/auth/mfa', { bearer: mfa_token }),
      await server.post('/auth/mfa/totp', undefined, { bearer: mfa_token }),
      await server.get('/users/me', { basic: [ada.email, mfa_token] }),
      await server.get('/users/me', { headers: { 'x-api-key': mfa_token } }),
      await server.post('/auth/refresh', { refresh_token: mfa_token }),
      await server.post('/auth/logout', { refresh_token: mfa_token }),
      await server.post('/auth/verify-email', { token: mfa_token }),
      await server.post('/auth/password/reset', { token: mfa_token, password: 'x'.repeat(20) }),
      await server.post('/auth/email/confirm', { token: mfa_token }),
      await server.post('/auth/not-me', { token: mfa_token }),
    ].map(({ status, body: said }) => [status, said.code]);
    expect(codes).toEqual([
      [401, 'token_malformed'],
      [401, 'token_malformed'],
      [401, 'token_malformed'],
      [401, 'invalid_credentials'],
      [401, 'invalid_credentials'],
      [401, 'refresh_token_invalid'],
      [401, 'refresh_token_invalid'],
      [400, 'token_invalid'],
      [400, 'token_invalid'],
      [400, 'token_invalid'],
      [400, 'token_invalid'],
    ]);
    const proof = { mfa_token, code: codeOf(server, ada.secret) };
    expect((await server.post('/auth/mfa/verify', proof)).status).toBe(200);
    const again = await server.post('/auth/mfa/verify', proof);
    expect(again.body.code).toBe('token_invalid');
  });

  it.each(['its person', 'an administrator', 'disabling the account'])(
    '[7.4.2] dies when all sessions are ended by %s',
    async (who) => {
      const admin = as(await server.administrator());
      const ada = await withApp(server, await server.person());
      const mfa_token = await halfWay(server, ada);
      const user = `/users/${ada.id}`;
      if (who === 'its person') await server.delete('/auth/sessions', as(ada));
      else if (who === 'an administrator') await server.delete(`${user}/sessions`, admin);
      else {
        await server.patch(user, { status: 'disabled' }, admin);
        await server.patch(user, { status: 'active' }, admin);
      }
      expect((await server.get('/users/me', as(ada))).body.code).toBe('token_revoked');
      const proof = { mfa_token, code: codeOf(server, ada.secret) };
      expect((await server.post('/auth/mfa/verify', proof)).body.code).toBe('token_invalid');
      expect((await signInWithApp(server, ada)).status).toBe(200);
    },
  );
});

describe('[6.4.3] a new password', () => {
  it('is asked for the second factor, and takes none away', async () => {
    const ada = await withApp(server, await server.person());
    await server.post('/auth/password/forgot', { email: ada.email });
    const { token } = await server.newestMail(ada.email);
    const password = 'wholly different words here';
    expect((await server.post('/auth/password/reset', { token, password })).status).toBe(204);
    const login = await server.post('/auth/login', { email: ada.email, password });
    expect(login.body.code).toBe('mfa_required');
    const { mfa_token } = login.body;
    const code = codeOf(server, ada.secret);
    expect((await server.post('/auth/mfa/verify', { mfa_token, code })).status).toBe(200);
  });
});

describe('limits on second factors', () => {
  const from = (network: string) => ({ headers: { 'x-forwarded-for': network } });

  beforeAll(async () => {
    server = await server.restart({ RATE_LIMITS: 'on', TRUST_PROXY: '1' });
  });

  it('[F41] [6.6.3] look at ten wrong codes in a quarter of an hour, over all challenges', async () => {
    const ada = await withApp(server, await server.person());
    const tried: string[] = [];
    for (let nr = 0; nr < 30; nr++) {
      const network = from(`198.51.100.${nr}`);
      const login = { email: ada.email, password: PASSWORD };
      const { body } = await server.post('/auth/login', login, network);
      const code = wrongCode(server, ada.secret);
      const answer = await server.post(
        '/auth/mfa/verify',
        nr % 2
          ? { mfa_token: body.mfa_token, code }
          : { mfa_token: body.mfa_token, recovery_code: 'x' },
        network,
      );
      tried.push(answer.body.code);
    }
    expect(tried).toEqual([
      ...Array(10).fill('mfa_code_invalid'),
      ...Array(20).fill('rate_limited'),
    ]);
    server.clock.advance(15 * MINUTE + SECOND);
    nextStep(server);
    const { body } = await server.post('/auth/login', { email: ada.email, password: PASSWORD });
    const proof = { mfa_token: body.mfa_token, code: codeOf(server, ada.secret) };
    expect((await server.post('/auth/mfa/verify', proof)).status).toBe(200);
  });

  it('[F44] are not used up by a stranger, who does not know the password', async () => {
    const ada = await withApp(server, await server.person());
    const known = from('192.0.2.1');
    const stranger = from('203.0.113.9');
    for (let nr = 0; nr < 15; nr++) {
      const mailed = { email: ada.email, code: '000000' };
      await server.post('/auth/verify-email', mailed, stranger);
      await server.post('/auth/login', { email: ada.email, password: 'not it' }, stranger);
    }
    const login = { email: ada.email, password: PASSWORD };
    const { body } = await server.post('/auth/login', login, known);
    const proof = { mfa_token: body.mfa_token, code: codeOf(server, ada.secret) };
    expect((await server.post('/auth/mfa/verify', proof, known)).status).toBe(200);
  });

  it('count a wrong password of somebody signed in', async () => {
    const ada = await server.person();
    const codes: string[] = [];
    for (let nr = 0; nr < 6; nr++) {
      const answer = await server.post('/auth/reauthenticate', { password: 'not it' }, as(ada));
      codes.push(answer.body.code);
    }
    expect(codes).toEqual([
      ...Array(3).fill('current_password_wrong'),
      ...Array(3).fill('rate_limited'),
    ]);
  });
});

describe('[6.3.3] a role that needs a second factor', () => {
  let boss: Person;

  beforeAll(async () => {
    server = await server.restart({ RATE_LIMITS: 'off', MFA_REQUIRED_ROLES: 'admin' });
    boss = await server.administrator();
  });

  it('opens nothing to who has none, by any scheme, but what adds one', async () => {
    for (const options of [as(boss), { basic: [boss.email, PASSWORD] as [string, string] }]) {
      for (const path of [
        '/users',
        '/roles',
        '/audit-events',
        '/access-review',
        '/auth/api-keys',
      ]) {
        const answer = await server.get(path, options);
        expect([path, answer.status, answer.body.code]).toEqual([
          path,
          403,
          'mfa_enrolment_required',
        ]);
        expect(answer.body.detail).toContain('POST /auth/mfa/totp');
      }
      expect((await server.patch('/users/me', { name: 'x' }, options)).status).toBe(403);
      expect((await server.get('/users/me', options)).status).toBe(200);
      expect((await server.get('/auth/sessions', options)).status).toBe(200);
      expect((await server.get('/auth/mfa', options)).body).toMatchObject({
        totp: false,
        requiredByRole: true,
      });
    }
  });

  it('is not in a token that a service takes, nor in what a service is told, until one is added', async () => {
    const chief = await withApp(server, await server.administrator());
    const orders = await makeService(server, chief, 'https://orders.example.org');
    const late = await server.administrator();
    const login = { email: late.email, password: late.password, audience: orders.audience };
    const forService = async () =>
      (await server.post('/auth/login', login)).body.access_token as string;
    const told = async (token: string) =>
      (await postForm(server, '/auth/introspect', { token }, of(orders))).body;

    const token = await forService();
    expect(decode(token).claims).toMatchObject({ roles: [], scope: '' });
    for (const each of [token, late.accessToken]) {
      expect(await told(each)).toEqual({ active: false });
    }
    await withApp(server, late);
    const after = await told(late.accessToken);
    expect(after.roles).toContain('admin');
    expect(after.scope.split(' ')).toContain('users:write');
  });

  it('counts at the next request, when it is given and when a factor is added or removed', async () => {
    const ada = await server.person();
    expect((await server.patch('/users/me', { name: 'x' }, as(ada))).status).toBe(200);
    const chief = await withApp(server, await server.administrator());
    await server.put(`/users/${ada.id}/roles`, { roles: ['admin'] }, as(chief));
    expect((await server.get('/users', as(ada))).body.code).toBe('mfa_enrolment_required');
    const enrolled = await withApp(server, ada);
    expect((await server.get('/users', as(ada))).status).toBe(200);
    const removal = { currentPassword: PASSWORD, code: codeOf(server, enrolled.secret) };
    const gone = await server.send('DELETE', '/auth/mfa/totp', { ...as(ada), json: removal });
    expect(gone.status).toBe(204);
    expect((await server.get('/users', as(ada))).body.code).toBe('mfa_enrolment_required');
    await withApp(server, ada);
    expect((await server.get('/users', as(ada))).status).toBe(200);
  });

  it('[8.3.1] is in no token before, nor good for anything elsewhere; afterwards it is', async () => {
    const person = await server.administrator();
    const chief = await withApp(server, await server.administrator());
    const service = await makeService(server, chief);
    const shown = async (token: string) =>
      (await postForm(server, '/auth/introspect', { token }, of(service))).body;

    const { email } = person;
    for (const choice of [{}, { scope: 'users:read' }, { audience: service.audience }]) {
      const { body } = await server.post('/auth/login', { email, password: PASSWORD, ...choice });
      expect([choice, body.scope]).toEqual([choice, '']);
      const { claims } = decode(body.access_token);
      expect(claims).toMatchObject({ roles: [], scope: '' });
      expect(await shown(body.access_token)).toEqual({ active: false });
      const bearer = body.access_token;
      const code = 'audience' in choice ? 'token_wrong_audience' : 'mfa_enrolment_required';
      for (const path of ['/users', '/auth/gateway', '/users/me/export']) {
        expect((await server.get(path, { bearer })).body.code).toBe(code);
      }
    }

    const token = person.accessToken;
    expect(await shown(token)).toEqual({ active: false });
    await withApp(server, person);
    expect((await server.get('/users', as(person))).status).toBe(200);
    expect((await server.get('/auth/gateway?role=admin', as(person))).status).toBe(204);
    expect(await shown(token)).toMatchObject({ active: true, roles: ['admin', 'user'] });
    const { body } = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect(body.scope).toContain('users:read');
    expect(decode(body.access_token).claims.roles).toEqual(['admin', 'user']);
  });

  it('lets who holds it change the password, prove again who they are, and sign out', async () => {
    const person = await server.administrator();
    expect((await reauthenticate(person, { password: PASSWORD })).status).toBe(200);
    const change = { currentPassword: PASSWORD, newPassword: 'wholly different words here' };
    expect((await server.post('/auth/password/change', change, as(person))).status).toBe(204);
    expect((await server.post('/auth/logout', undefined, as(person))).status).toBe(204);
  });
});
