import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKey } from './support/api-keys.js';
import type { Answer, RequestOptions } from './support/client.js';
import { as, pointers } from './support/people.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;
let ada: Person;

beforeAll(async () => {
  server = await TestServer.start({ CORS_ORIGINS: 'https://app.example.org' });
  server.clock.stop();
  admin = await server.administrator();
  ada = await server.person();
});
afterAll(() => server.stop());

function ask(options: RequestOptions = {}, query = ''): Promise<Answer> {
  return server.get(`/auth/gateway${query}`, options);
}

function identityOf({ headers }: Answer): Record<string, string | null> {
  const names = ['user', 'email', 'roles', 'scope', 'scheme'];
  return Object.fromEntries(names.map((name) => [name, headers.get(`x-auth-${name}`)]));
}

/** A cookie of somebody who signed in as a page of the server's own origin. */
async function cookieOf({ email, password }: Person): Promise<string> {
  const answer = await server.post(
    '/auth/login?session=cookie',
    { email, password },
    { headers: { 'x-requested-with': 'fetch', 'sec-fetch-site': 'same-origin' } },
  );
  return answer.headers
    .getSetCookie()
    .find((set) => set.includes('latchkey-session'))!
    .split(';')[0]!;
}

describe('GET /auth/gateway', () => {
  it('says who a request is from, whichever way it signs in', async () => {
    const { key } = await makeKey(server, ada);
    const cookie = await cookieOf(ada);
    const ways: [string, RequestOptions][] = [
      ['Bearer', as(ada)],
      ['Basic', { basic: [ada.email, PASSWORD] }],
      ['ApiKey', { headers: { 'x-api-key': key } }],
      ['ApiKey', { bearer: key }],
      ['ApiKey', { basic: [ada.email, key] }],
      ['Cookie', { headers: { cookie, 'sec-fetch-site': 'same-origin' } }],
      ['Cookie', { headers: { cookie, 'sec-fetch-site': 'none' } }],
      ['Cookie', { headers: { cookie, 'x-requested-with': 'fetch' } }],
    ];
    for (const [scheme, options] of ways) {
      const answer = await ask(options);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect(identityOf(answer)).toMatchObject({ user: ada.id, email: ada.email, scheme });
    }
  });

  it('gives roles and permissions, and changes with them at once', async () => {
    const before = identityOf(await ask(as(admin)));
    expect(before.roles!.split(',')).toContain('admin');
    expect(before.scope!.split(' ')).toContain('users:write');
    const person = await server.person();
    expect(identityOf(await ask(as(person))).roles).toBe('user');
    await server.put(`/users/${person.id}/roles`, { roles: ['user', 'admin'] }, as(admin));
    expect(
      identityOf(await ask(as(person)))
        .roles!.split(',')
        .toSorted(),
    ).toEqual(['admin', 'user']);
  });

  it('holds it against the role and the permission that are asked for', async () => {
    expect((await ask(as(admin), '?role=admin&permission=users:read')).status).toBe(204);
    const role = await ask(as(ada), '?role=admin');
    expect([role.status, role.body.code]).toEqual([403, 'role_required']);
    const permission = await ask(as(ada), '?permission=users:read');
    expect([permission.status, permission.body.code]).toEqual([403, 'permission_required']);
    expect(permission.headers.get('www-authenticate')).toContain('insufficient_scope');
  });

  it.each(['?roles=admin', '?role=admin&x=1', '?role=a&role=b', '?role='.concat('x'.repeat(65))])(
    'refuses the query %s, which would let everybody through if it were ignored',
    async (query) => {
      const answer = await ask(as(admin), query);
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
      expect(pointers(answer)).toHaveLength(1);
    },
  );

  it('refuses without a sign-in, with a challenge, and with one that does not hold', async () => {
    const none = await ask();
    expect([none.status, none.body.code]).toEqual([401, 'token_missing']);
    expect(none.headers.get('www-authenticate')).toContain('Bearer realm="latchkey"');
    expect(none.headers.get('x-auth-user')).toBeNull();
    const wrong: RequestOptions[] = [
      { bearer: 'x' },
      { basic: [ada.email, 'wrong password entirely'] },
      { headers: { 'x-api-key': 'lk_key_x' } },
      { headers: { cookie: '__Host-latchkey-session=x', 'sec-fetch-site': 'same-origin' } },
    ];
    for (const options of wrong) expect((await ask(options)).status).toBe(401);
  });

  it('does not take the cookie in the place of a sign-in that is wrong', async () => {
    const cookie = await cookieOf(ada);
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await ask({ bearer: 'x', headers })).status).toBe(401);
  });

  it('[3.5.1] does not count the cookie for pages of others, and says so', async () => {
    const cookie = await cookieOf(ada);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      {
        'sec-fetch-site': 'same-site',
        'x-requested-with': 'x',
        origin: 'https://evil.example.org',
      },
      { origin: 'https://evil.example.org', 'x-requested-with': 'x' },
      {},
    ]) {
      const answer = await ask({ headers: { cookie, ...(headers as Record<string, string>) } });
      expect([answer.status, answer.body.code]).toEqual([403, 'origin_not_allowed']);
    }
    const listed = {
      'sec-fetch-site': 'same-site',
      'x-requested-with': 'x',
      origin: 'https://app.example.org',
    };
    expect((await ask({ headers: { cookie, ...listed } })).status).toBe(204);
  });

  it('[7.4.1] [8.3.2] lets nobody through whose session has ended or who is disabled, by no scheme', async () => {
    const person = await server.person();
    const { key } = await makeKey(server, person);
    const cookie = await cookieOf(person);
    const byCookie = { headers: { cookie, 'sec-fetch-site': 'same-origin' } };
    await server.delete('/auth/sessions', as(person));
    expect((await ask(as(person))).status).toBe(401);
    expect((await ask(byCookie)).status).toBe(401);
    expect((await ask({ bearer: key })).status).toBe(204);
    await server.patch(`/users/${person.id}`, { status: 'disabled' }, as(admin));
    expect((await ask({ bearer: key })).status).toBe(403);
  });

  it('does not use up the cookie: the page can refresh by it afterwards', async () => {
    const cookie = await cookieOf(ada);
    const headers = { cookie, 'sec-fetch-site': 'same-origin', 'x-requested-with': 'fetch' };
    for (let i = 0; i < 3; i++) expect((await ask({ headers })).status).toBe(204);
    expect((await server.send('POST', '/auth/refresh', { headers })).status).toBe(200);
  });

  it('[14.3.2] is not kept by anybody in between, whatever the answer', async () => {
    for (const answer of [await ask(as(ada)), await ask(), await ask(as(ada), '?role=admin')]) {
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const vary = answer.headers.get('vary')!.split(/, */);
      expect(vary).toEqual(expect.arrayContaining(['Authorization', 'Cookie', 'X-API-Key']));
    }
  });
});
