import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CleanUp } from '../src/maintenance/clean-up.js';
import { Database } from '../src/database/database.js';
import { makeKey } from './support/api-keys.js';
import { MINUTE, SECOND } from './support/clock.js';
import { decode } from './support/jwt.js';
import { as, giveRoles, makeRole, personWith, pointers } from './support/people.js';
import { count, databaseBytes, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { makeService, of, opened, postForm, type TestService } from './support/services.js';

let server: TestServer;
let admin: Person;
let ada: Person;
let orders: TestService;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
  admin = await server.administrator();
  ada = await server.person();
  orders = await makeService(server, admin, 'https://orders.example.org');
});
afterAll(() => server.stop());

async function signedInAgain(person: Person): Promise<Person> {
  return server.signIn(person.email, person.password);
}

/** A sign-in of ada with an access token for the audience. */
async function tokensFor(audience: string, more: object = {}) {
  const credentials = { email: ada.email, password: ada.password };
  const { status, body, text } = await server.post('/auth/login', {
    ...credentials,
    audience,
    ...more,
  });
  if (status !== 200) throw new Error(text);
  return body as { access_token: string; refresh_token: string; scope: string };
}

function introspect(token: string, service = orders) {
  return postForm(server, '/auth/introspect', { token }, of(service));
}

function revoke(token: string, service = orders) {
  return postForm(server, '/auth/revoke', { token }, of(service));
}

const isSignedIn = async (token: string) =>
  (await server.get('/users/me', { bearer: token })).status === 200;

describe('a service', () => {
  it('is registered once, gets a secret that is shown once, and is listed without it', async () => {
    const answer = await server.post(
      '/services',
      { name: ' Billing ', audience: 'billing' },
      as(admin),
    );
    expect(answer.status).toBe(201);
    const { id, secret, createdAt } = answer.body;
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Billing',
      audience: 'billing',
      createdAt,
      secret: expect.stringMatching(/^lk_svc_[A-Za-z0-9_-]{43}$/),
    });
    expect(answer.headers.get('location')).toBe(`/services/${id}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');

    const list = await server.get('/services?count=true', as(admin));
    expect(list.body.items).toContainEqual({ id, name: 'Billing', audience: 'billing', createdAt });
    expect(list.text).not.toContain(secret);
    expect(list.body.total).toBe(list.body.items.length);
    expect(databaseBytes(server.dataDir).includes(secret)).toBe(false);

    const again = await server.post('/services', { name: 'Other', audience: 'billing' }, as(admin));
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    const [line] = rows(
      server.dataDir,
      `SELECT actor, detail FROM AuditEvent WHERE type = 'service.registered' AND subject = ?`,
      id,
    );
    expect(line.actor).toBe(admin.id);
    expect(JSON.parse(line.detail).after).toEqual({ name: 'Billing', audience: 'billing' });
  });

  it('that is removed is nobody from the next request on, and its audience is free', async () => {
    const service = await makeService(server, admin, 'urn:example:gone');
    expect((await introspect('x', service)).status).toBe(200);
    const path = `/services/${service.id}`;
    expect((await server.delete(path, as(admin))).status).toBe(204);
    expect((await server.delete(path, as(admin))).status).toBe(404);
    expect((await server.delete('/services/nothing', as(admin))).status).toBe(404);
    expect((await introspect('x', service)).body.code).toBe('invalid_credentials');
    await expect(tokensFor('urn:example:gone')).rejects.toThrow('invalid_target');
    expect(
      count(
        server.dataDir,
        'AuditEvent',
        `type = 'service.removed' AND subject = ? AND actor = ?`,
        service.id,
        admin.id,
      ),
    ).toBe(1);
    await makeService(server, admin, 'urn:example:gone');
  });

  it.each([
    [{ name: 'A', audience: 'https://a.example.org/#x' }, ['/audience']],
    [{ name: 'A', audience: '' }, ['/audience']],
    [{ name: 'A', audience: ['a'] }, ['/audience']],
    [{ name: 'A' }, ['/audience']],
    [{ audience: 'a' }, ['/name']],
    [{ name: '', audience: 'a' }, ['/name']],
    [{ name: 'A\nB', audience: 'a' }, ['/name']],
    [{ name: 'A', audience: 'a', secret: 'lk_svc_mine' }, ['/secret']],
    [{ name: 'A', audience: 'a', id: 'x' }, ['/id']],
  ])('is not registered as %j', async (body, expected) => {
    const answer = await server.post('/services', body, as(admin));
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(pointers(answer)).toEqual(expected);
  });

  it('[8.2.1] is registered and removed by whoever has services:write, and seen with services:read', async () => {
    const reader = await personWith(server, admin, ['services:read']);
    const writer = await personWith(server, admin, ['services:write']);
    const wanted = { name: 'Mine', audience: 'mine' };
    expect((await server.get('/services', as(reader))).status).toBe(200);
    const refused = await server.post('/services', wanted, as(reader));
    expect([refused.status, refused.body.code]).toEqual([403, 'permission_required']);
    expect((await server.delete(`/services/${orders.id}`, as(reader))).status).toBe(403);
    expect((await server.get('/services', as(writer))).status).toBe(403);
    const made = await server.post('/services', wanted, as(writer));
    expect(made.status).toBe(201);
    expect((await server.delete(`/services/${made.body.id}`, as(writer))).status).toBe(204);
    expect((await server.post('/services', wanted)).status).toBe(401);
  });

  it('is registered and removed after a recent sign-in only', async () => {
    server.clock.advance(6 * MINUTE);
    const wanted = { name: 'Late', audience: 'late' };
    const late = await server.post('/services', wanted, as(admin));
    expect([late.status, late.body.code]).toEqual([403, 'recent_login_required']);
    const removal = await server.delete(`/services/${orders.id}`, as(admin));
    expect(removal.body.code).toBe('recent_login_required');
    const basic: [string, string] = [admin.email, admin.password];
    expect((await server.post('/services', wanted, { basic })).status).toBe(201);
    admin = await signedInAgain(admin);
    ada = await signedInAgain(ada);
  });
});

describe('[9.2.4] an access token for a service', () => {
  it('names it alone as its audience, from sign-in by JSON and Basic, and from refresh', async () => {
    const { access_token, refresh_token } = await tokensFor(orders.audience);
    const { claims } = decode(access_token);
    expect(claims.aud).toBe(orders.audience);
    expect(claims).toMatchObject({ iss: server.publicUrl, sub: ada.id, client_id: 'latchkey' });
    expect(claims).not.toHaveProperty('narrowed');

    const basic: [string, string] = [ada.email, ada.password];
    const byBasic = await server.post('/auth/login', { resource: orders.audience }, { basic });
    expect(decode(byBasic.body.access_token).claims.aud).toBe(orders.audience);

    const refreshed = await server.post('/auth/refresh', { refresh_token });
    expect(decode(refreshed.body.access_token).claims.aud).toBe(server.publicUrl);
    const again = await server.post('/auth/refresh', {
      refresh_token: refreshed.body.refresh_token,
      audience: orders.audience,
    });
    expect(decode(again.body.access_token).claims).toMatchObject({
      aud: orders.audience,
      sid: claims.sid,
    });
  });

  it('[9.2.3] [10.3.1] is not taken by this server', async () => {
    const { access_token } = await tokensFor(orders.audience);
    for (const path of ['/users/me', '/auth/sessions']) {
      const answer = await server.get(path, { bearer: access_token });
      expect([answer.status, answer.body.code]).toEqual([401, 'token_wrong_audience']);
    }
    const logout = await server.post('/auth/logout', {}, { bearer: access_token });
    expect(logout.body.code).toBe('token_wrong_audience');
  });

  it('for this server by its own name is an ordinary one', async () => {
    const { access_token } = await tokensFor(server.publicUrl);
    expect(await isSignedIn(access_token)).toBe(true);
  });

  it.each([
    ['audience', 'https://orders.example.org/', '/audience'],
    ['audience', 'https://ORDERS.example.org', '/audience'],
    ['audience', 'https://nobody.example.org', '/audience'],
    ['audience', '', '/audience'],
    ['audience', '*', '/audience'],
    ['resource', 'https://nobody.example.org', '/resource'],
  ])('is not made for %s %j', async (field, value, pointer) => {
    const { email, password } = ada;
    const sessions = count(server.dataDir, 'Session');
    const login = await server.post('/auth/login', { email, password, [field]: value });
    expect([login.status, login.body.errors?.[0]]).toEqual([
      400,
      expect.objectContaining({ pointer, code: 'invalid_target' }),
    ]);
    expect(count(server.dataDir, 'Session')).toBe(sessions);

    const { refreshToken } = await signedInAgain(ada);
    const refused = await server.post('/auth/refresh', {
      refresh_token: refreshToken,
      [field]: value,
    });
    expect(refused.body.errors[0].code).toBe('invalid_target');
    const taken = await server.post('/auth/refresh', { refresh_token: refreshToken });
    expect(taken.status).toBe(200); // the refusal has not spent it
  });

  it('is not made for two audiences', async () => {
    const both = { audience: orders.audience, resource: 'billing' };
    await expect(tokensFor(orders.audience, both)).rejects.toThrow('invalid_target');
    await tokensFor(orders.audience, { resource: orders.audience });
  });

  it('is not asked for by who has a wrong password, and learns nothing about audiences', async () => {
    const { email } = ada;
    for (const audience of [orders.audience, 'nobody']) {
      const answer = await server.post('/auth/login', { email, password: 'wrong', audience });
      expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials']);
    }
  });
});

describe('[10.4.11] a narrowed access token', () => {
  let person: Person;

  beforeAll(async () => {
    person = await personWith(server, admin, ['users:read', 'roles:read', 'audit:read']);
  });

  async function narrowed(scope: string, more: object = {}) {
    const { email, password } = person;
    const { body } = await server.post('/auth/login', { email, password, scope, ...more });
    return body as { access_token: string; refresh_token: string; scope: string };
  }

  it('[10.3.2] grants what it names, here too, and no role', async () => {
    const tokens = await narrowed('users:read');
    expect(tokens.scope).toBe('users:read');
    const { claims } = decode(tokens.access_token);
    expect(claims).toMatchObject({ scope: 'users:read', roles: [], narrowed: true });
    const options = { bearer: tokens.access_token };
    for (let time = 0; time < 2; time++) {
      expect((await server.get('/users', options)).status).toBe(200);
      const refused = await server.get('/roles', options);
      expect([refused.status, refused.body.code]).toEqual([403, 'permission_required']);
      expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
    }
    expect((await server.get('/roles', as(person))).status).toBe(200);
  });

  it('grants nothing the person lacks, and says so', async () => {
    const tokens = await narrowed('users:write users:read roles:write users:read');
    expect(tokens.scope).toBe('users:read');
    expect((await narrowed('users:write')).scope).toBe('');
    const nothing = await narrowed('');
    expect(nothing.scope).toBe('');
    expect((await server.get('/users', { bearer: nothing.access_token })).status).toBe(403);
    expect(await isSignedIn(nothing.access_token)).toBe(true);
  });

  it('[8.3.2] loses what its person loses, and gains nothing they gain', async () => {
    const both = (await narrowed('users:read audit:read')).access_token;
    const one = (await narrowed('roles:read')).access_token;
    const role = await makeRole(server, admin, ['users:read', 'roles:read', 'services:read']);
    const before = rows(
      server.dataDir,
      `SELECT r.name FROM Role r
      JOIN UserRole u ON u.roleId = r.id WHERE u.userId = ?`,
      person.id,
    );
    await giveRoles(server, admin, person, [role]);
    expect((await server.get('/users', { bearer: both })).status).toBe(200);
    expect((await server.get('/audit-events', { bearer: both })).status).toBe(403);
    expect((await server.get('/services', { bearer: one })).status).toBe(403);
    expect((await server.get('/services', as(person))).status).toBe(200);
    await giveRoles(
      server,
      admin,
      person,
      before.map(({ name }) => name),
    );
  });

  it('does not make the next one narrow', async () => {
    const { refresh_token } = await narrowed('users:read');
    const { body } = await server.post('/auth/refresh', { refresh_token });
    expect(body.scope.split(' ').sort()).toEqual(['audit:read', 'roles:read', 'users:read']);
    const again = await server.post('/auth/refresh', {
      refresh_token: body.refresh_token,
      scope: 'roles:read',
      audience: orders.audience,
    });
    expect(decode(again.body.access_token).claims).toMatchObject({
      aud: orders.audience,
      scope: 'roles:read',
      narrowed: true,
    });
  });

  it.each(['users:reed', 'openid', '*', 'users:read,roles:read', 'users:read\tx'])(
    'is not made for the scope %j',
    async (scope) => {
      const { email, password } = person;
      const answer = await server.post('/auth/login', { email, password, scope });
      expect([answer.status, pointers(answer)]).toEqual([400, ['/scope']]);
    },
  );

  it('adds no way into the account, which would grant all of it', async () => {
    const { access_token } = await narrowed('users:read');
    const options = { bearer: access_token };
    const ways: [method: string, path: string, json?: object][] = [
      ['POST', '/auth/passkeys/registration/options'],
      ['POST', '/auth/mfa/totp'],
      ['POST', '/auth/mfa/recovery-codes'],
      ['POST', '/auth/api-keys', { name: 'script' }],
      ['GET', '/users/me/export'],
    ];
    const { email, password } = person;
    for (const [method, path, json] of ways) {
      const { status, body } = await server.send(method, path, { ...options, json });
      expect([path, status, body.code]).toEqual([path, 403, 'recent_login_required']);
      expect(body.detail).toContain('narrowed');
    }
    expect((await server.post('/auth/reauthenticate', { password }, options)).status).toBe(200);
    const after = await server.post('/auth/passkeys/registration/options', undefined, options);
    expect([after.status, after.body.code]).toEqual([403, 'recent_login_required']);
    const whole = await server.signIn(email, password);
    expect((await server.post('/auth/mfa/totp', undefined, as(whole))).status).toBe(200);
  });

  it('does what it names, also where that needs a recent sign-in', async () => {
    const boss = await server.administrator();
    const { email, password } = boss;
    const { body } = await server.post('/auth/login', { email, password, scope: 'roles:write' });
    const options = { bearer: body.access_token };
    const made = await server.post('/roles', { name: 'by-narrowed', permissions: [] }, options);
    expect(made.status).toBe(201);
  });

  it('ends a live tail that it does not cover', async () => {
    const { access_token } = await narrowed('users:read');
    const tail = await server.get('/audit-events/stream', { bearer: access_token });
    expect([tail.status, tail.body.code]).toEqual([403, 'permission_required']);
  });
});

describe('[10.4.10] whoever asks about tokens', () => {
  const routes = ['POST /auth/introspect', 'POST /auth/revoke', 'GET /auth/revocations'];

  function call(route: string, headers: Record<string, string>) {
    const [method, path] = route.split(' ') as [string, string];
    return method === 'GET'
      ? server.get(path, { headers })
      : postForm(server, path, { token: ada.accessToken }, headers);
  }

  it.each(routes)('%s is a registered service with its secret', async (route) => {
    expect((await call(route, of(orders))).status).toBe(200);
    ada = await signedInAgain(ada);
  });

  it.each(routes)('%s is refused otherwise', async (route) => {
    const other = await makeService(server, admin);
    const tries: [string, string | undefined, string][] = [
      ['nothing', undefined, 'token_missing'],
      ['a Bearer', `Bearer ${ada.accessToken}`, 'token_missing'],
      ['its secret as Bearer', `Bearer ${orders.secret}`, 'token_missing'],
      ['broken Basic', 'Basic !', 'token_malformed'],
      ['a person', basic(ada.email, PASSWORD), 'invalid_credentials'],
      [
        'a wrong secret',
        basic(orders.id, `${orders.secret.slice(0, -4)}AAAA`),
        'invalid_credentials',
      ],
      ["another's secret", basic(orders.id, other.secret), 'invalid_credentials'],
      ["another's id", basic(other.id, orders.secret), 'invalid_credentials'],
      ['no secret', basic(orders.id, ''), 'invalid_credentials'],
      ['its audience', basic(orders.audience.slice(8), orders.secret), 'invalid_credentials'],
    ];
    for (const [what, authorization, code] of tries) {
      const answer = await call(route, authorization === undefined ? {} : { authorization });
      expect([what, answer.status, answer.body.code]).toEqual([what, 401, code]);
      expect(answer.headers.get('www-authenticate')).toBe(
        'Basic realm="latchkey services", charset="UTF-8"',
      );
      expect(answer.text).not.toContain(orders.secret.slice(7));
    }
    expect(await isSignedIn(ada.accessToken)).toBe(true);
  });

  it('(F06) [9.2.2] has credentials that are good for nothing else', async () => {
    for (const path of ['/users/me', '/services', '/auth/sessions']) {
      const asBasic = await server.get(path, { headers: of(orders) });
      expect([asBasic.status, asBasic.body.code]).toEqual([401, 'invalid_credentials']);
      const asBearer = await server.get(path, { bearer: orders.secret });
      expect([asBearer.status, asBearer.body.code]).toEqual([401, 'token_malformed']);
    }
    const login = await server.post('/auth/login', {}, { headers: of(orders) });
    expect(login.body.code).toBe('invalid_credentials');
    const refresh = await server.post('/auth/refresh', { refresh_token: orders.secret });
    expect(refresh.body.code).toBe('refresh_token_invalid');
    const token = await server.post('/auth/verify-email', { token: orders.secret });
    expect(token.body.code).toBe('token_invalid');
  });

  it('(F06) [9.2.2] gets a feed that is good for nothing else', async () => {
    const { feed } = (await server.get('/auth/revocations', { headers: of(orders) })).body;
    const asBearer = await server.get('/users/me', { bearer: feed });
    expect([asBearer.status, asBearer.body.code]).toEqual([401, 'token_signature_invalid']);
    expect((await introspect(feed)).body).toEqual({ active: false });
    for (const path of ['/auth/refresh', '/auth/logout']) {
      const answer = await server.post(path, { refresh_token: feed });
      expect([answer.status, pointers(answer)]).toEqual([400, ['/refresh_token']]);
    }
  });

  it('sends a form, and nobody else may', async () => {
    const token = ada.accessToken;
    for (const path of ['/auth/introspect', '/auth/revoke']) {
      const json = await server.post(path, { token }, { headers: of(orders) });
      expect([json.status, json.body.code]).toEqual([415, 'unsupported_media_type']);
      const latin = {
        ...of(orders),
        'content-type': 'application/x-www-form-urlencoded; charset=latin1',
      };
      expect((await postForm(server, path, { token }, latin)).status).toBe(415);
      const twice = await postForm(server, path, `token=${token}&token=x`, of(orders));
      expect([twice.status, twice.body.errors[0].code]).toEqual([400, 'duplicate']);
      const none = await postForm(server, path, {}, of(orders));
      expect([none.status, pointers(none)]).toEqual([400, ['/token']]);
      const more = await postForm(server, path, { token, client_id: orders.id }, of(orders));
      expect([more.status, pointers(more)]).toEqual([400, ['/client_id']]);
      const hinted = await postForm(
        server,
        path,
        { token: 'x', token_type_hint: 'pat' },
        of(orders),
      );
      expect(hinted.status).toBe(200);
    }
    expect(await isSignedIn(token)).toBe(true);
    const form = { email: ada.email, password: ada.password };
    for (const path of ['/auth/login', '/auth/refresh', '/services']) {
      const answer = await postForm(server, path, form);
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
    }
  });
});

describe('POST /auth/introspect', () => {
  it('says what a token for the service is worth', async () => {
    const { access_token } = await tokensFor(orders.audience);
    const { claims } = decode(access_token);
    const answer = await introspect(access_token);
    const { iss, aud, sub, sid, jti, iat, exp, auth_time, amr, client_id } = claims;
    expect(answer.body).toEqual({
      active: true,
      token_type: 'Bearer',
      scope: '',
      roles: ['user'],
      iss,
      aud,
      sub,
      sid,
      jti,
      iat,
      exp,
      auth_time,
      amr,
      client_id,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await introspect(ada.accessToken)).body).toMatchObject({
      active: true,
      aud: server.publicUrl,
    });
  });

  it('[8.3.2] tells permissions and roles of this moment, and of a narrowed token no more than its scope', async () => {
    const { access_token } = await tokensFor(orders.audience);
    const few = await tokensFor(orders.audience, { scope: 'roles:read users:read' });
    const role = await makeRole(server, admin, ['users:read']);
    await giveRoles(server, admin, ada, [role, 'user']);
    const fresh = await tokensFor(orders.audience, { scope: 'users:read roles:read' });
    expect((await introspect(access_token)).body).toMatchObject({
      scope: 'users:read',
      roles: [role, 'user'].sort(),
    });
    expect((await introspect(few.access_token)).body).toMatchObject({ scope: '', roles: [] });
    expect((await introspect(fresh.access_token)).body).toMatchObject({
      scope: 'users:read',
      roles: [],
    });
    await giveRoles(server, admin, ada, ['user']);
    expect((await introspect(fresh.access_token)).body).toMatchObject({ active: true, scope: '' });
  });

  it('says nothing but that it is not active of any other token', async () => {
    const other = await makeService(server, admin);
    const { access_token, refresh_token } = await tokensFor(other.audience);
    expect((await introspect(access_token, other)).body.active).toBe(true);
    const [head, payload] = access_token.split('.');
    for (const token of [
      access_token, // made for another service
      refresh_token,
      orders.secret,
      'x',
      `${head}.${payload}.`,
      `${head}.${payload}.AAAA`,
      `${access_token.slice(0, -10)}AAAAAAAAAA`,
      'a'.repeat(8000),
    ]) {
      const answer = await introspect(token);
      expect([answer.status, answer.body]).toEqual([200, { active: false }]);
    }
  });

  it('knows an API key, with what it may do, unless it is bound to a network', async () => {
    const owner = await personWith(server, admin, ['users:read', 'roles:read']);
    const key = await makeKey(server, owner, { permissions: ['users:read'] });
    const answer = await introspect(key.key);
    expect(answer.body).toEqual({
      active: true,
      scope: 'users:read',
      token_type: 'Bearer',
      sub: owner.id,
      iss: server.publicUrl,
      jti: key.id,
      roles: [],
    });
    const bound = await makeKey(server, owner, { networks: ['127.0.0.0/8'] });
    expect((await introspect(bound.key)).body).toEqual({ active: false });
    expect(
      (await introspect(`${key.key.slice(0, -1)}${key.key.endsWith('x') ? 'y' : 'x'}`)).body,
    ).toEqual({ active: false });
    expect((await revoke(key.key)).status).toBe(200);
    expect((await introspect(key.key)).body.active).toBe(true);
    await server.delete(`/auth/api-keys/${key.id}`, as(owner));
    expect((await introspect(key.key)).body).toEqual({ active: false });
  });

  it('[7.4.1] [10.4.9] is not active from the moment its session has ended, nor once it has expired', async () => {
    const { access_token } = await tokensFor(orders.audience);
    const { sid } = decode(access_token).claims;
    expect((await server.delete(`/auth/sessions/${sid}`, as(ada))).status).toBe(204);
    expect((await introspect(access_token)).body).toEqual({ active: false });

    const other = await tokensFor(orders.audience);
    server.clock.advance(16 * MINUTE);
    expect((await introspect(other.access_token)).body).toEqual({ active: false });
    ada = await signedInAgain(ada);
    admin = await signedInAgain(admin);
  });

  it('[7.4.2] is not active while its person is disabled, nor once deleted', async () => {
    const person = await server.person();
    const { accessToken } = person;
    const path = `/users/${person.id}`;
    await server.patch(path, { status: 'disabled' }, as(admin));
    expect((await introspect(accessToken)).body).toEqual({ active: false });
    await server.patch(path, { status: 'active' }, as(admin));
    const again = await signedInAgain(person);
    expect((await introspect(again.accessToken)).body.active).toBe(true);
    await server.delete(path, as(admin));
    expect((await introspect(again.accessToken)).body).toEqual({ active: false });
  });
});

describe('POST /auth/revoke', () => {
  it('[10.4.9] ends the session of an access token for the service, and no other', async () => {
    const { access_token, refresh_token } = await tokensFor(orders.audience);
    const answer = await revoke(access_token);
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect((await introspect(access_token)).body).toEqual({ active: false });
    const refresh = await server.post('/auth/refresh', { refresh_token });
    expect(refresh.body.code).toBe('session_ended');
    expect(await isSignedIn(ada.accessToken)).toBe(true);
    expect((await revoke(access_token)).status).toBe(200);

    const { sid } = decode(access_token).claims;
    const [line] = rows(
      server.dataDir,
      `SELECT actor, subject FROM AuditEvent
       WHERE type = 'session.ended' AND detail ->> '$.after.session' = ?`,
      sid,
    );
    expect(line).toEqual({ actor: orders.id, subject: ada.id });
    expect(rows(server.dataDir, 'SELECT endReason FROM Session WHERE id = ?', sid)).toEqual([
      { endReason: 'revoked_by_service' },
    ]);
  });

  it('[10.4.9] ends the session of a refresh token, and of a token for this server', async () => {
    const one = await signedInAgain(ada);
    await revoke(one.refreshToken);
    expect(await isSignedIn(one.accessToken)).toBe(false);
    const other = await signedInAgain(ada);
    await revoke(other.accessToken);
    expect(await isSignedIn(other.accessToken)).toBe(false);
  });

  it("answers the same to what it does not know, and ends no other service's session", async () => {
    const other = await makeService(server, admin);
    const { access_token } = await tokensFor(other.audience);
    for (const token of [access_token, 'x', `lk_rt_${'A'.repeat(71)}`, orders.secret]) {
      const answer = await revoke(token);
      expect([answer.status, answer.text]).toEqual([200, '']);
    }
    expect((await introspect(access_token, other)).body.active).toBe(true);
  });
});

describe('GET /auth/revocations', () => {
  function ask(since?: string | null, headers: Record<string, string> = {}) {
    const query = typeof since !== 'string' ? '' : `?since=${since}`;
    return server.get(`/auth/revocations${query}`, { headers: { ...of(orders), ...headers } });
  }

  async function read(since?: string | null) {
    const answer = await ask(since);
    const { header, claims } = await opened(server, answer.body.feed);
    const sids: string[] = claims.sessions.map(({ sid }: { sid: string }) => sid);
    return { answer, header, claims, sids, next: claims.next as string };
  }

  const sidOf = (token: string): string => decode(token).claims.sid;

  it('says what has ended, signed, for this service', async () => {
    const { next } = await read();
    const person = await signedInAgain(ada);
    await server.post('/auth/logout', {}, as(person));
    const { answer, header, claims, sids } = await read(next);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(answer.headers.get('vary')).toContain('Authorization');
    expect(header).toMatchObject({ typ: 'revocations+jwt', kid: expect.any(String) });
    expect(claims).toEqual({
      iss: server.publicUrl,
      aud: orders.audience,
      iat: expect.any(Number),
      exp: claims.iat + 300,
      sessions: [{ sid: sidOf(person.accessToken), exp: expect.any(Number) }],
      next: expect.any(String),
      more: false,
    });
    expect(sids).toEqual([sidOf(person.accessToken)]);
    // PyJWT refuses what says to be from the next second.
    expect(claims.iat).toBeLessThanOrEqual(server.clock.now().getTime() / 1000);
    // Whoever forgets it then forgets no token that is still good.
    const { exp } = decode(person.accessToken).claims;
    expect(claims.sessions[0].exp).toBeGreaterThan(exp);
    expect((await read(claims.next)).sids).toEqual([]);
  });

  it('[7.4.1] [7.4.2] tells of every way a session ends, also with its account', async () => {
    const { next } = await read();
    const leaving = await server.person();
    const disabled = await server.person();
    const deleted = await server.person();
    const changed = await signedInAgain(await server.person());
    const { refreshToken } = await signedInAgain(ada);
    const reused = await server.post('/auth/refresh', { refresh_token: refreshToken });
    await server.post('/auth/refresh', { refresh_token: reused.body.refresh_token });

    const ended = [];
    await server.delete('/users/me', { json: { currentPassword: PASSWORD }, ...as(leaving) });
    ended.push(leaving.accessToken);
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, as(admin));
    ended.push(disabled.accessToken);
    await server.delete(`/users/${deleted.id}`, as(admin));
    ended.push(deleted.accessToken);
    const other = await signedInAgain(changed);
    await server.post(
      '/auth/password/change',
      { currentPassword: PASSWORD, newPassword: 'another horse battery staple' },
      as(other),
    );
    ended.push(changed.accessToken);
    server.clock.advance(20 * SECOND);
    await server.post('/auth/refresh', { refresh_token: refreshToken });
    ended.push(reused.body.access_token);

    const { sids } = await read(next);
    expect(sids).toEqual(expect.arrayContaining(ended.map(sidOf)));
    expect(sids).not.toContain(sidOf(other.accessToken));
  });

  it('costs nothing while nothing ends: 304', async () => {
    const { next } = await read();
    const first = await ask(next);
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    for (const known of [etag, `"other", ${etag}`, '*']) {
      const again = await ask(next, { 'if-none-match': known });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await ask(next, { 'if-none-match': 'W/"other"' })).status).toBe(200);

    const person = await signedInAgain(ada);
    await server.post('/auth/logout', {}, as(person));
    const news = await ask(next, { 'if-none-match': etag });
    expect(news.status).toBe(200);
    expect(news.headers.get('etag')).not.toBe(etag);
    const other = await makeService(server, admin);
    const theirs = await server.get(`/auth/revocations?since=${next}`, { headers: of(other) });
    expect(theirs.headers.get('etag')).not.toBe(news.headers.get('etag'));
  });

  it('misses nothing when the clock is set back, nor among many that end at once', async () => {
    const { next } = await read();
    server.clock.advance(-10 * MINUTE);
    const people = await Promise.all(Array.from({ length: 8 }, () => signedInAgain(ada)));
    const met: string[] = [];
    let place = next;
    const reader = (async () => {
      for (let i = 0; i < 30; i++) {
        const { sids, claims } = await read(place);
        met.push(...sids);
        place = claims.next;
      }
    })();
    await Promise.all(people.map((person) => server.post('/auth/logout', {}, as(person))));
    await reader;
    server.clock.advance(10 * MINUTE);
    met.push(...(await read(place)).sids);
    const sids = people.map(({ accessToken }) => sidOf(accessToken));
    expect(met.sort()).toEqual(sids.sort());
  });

  it('forgets what no token can be left of, and starts anew where it cannot go on', async () => {
    const early = await read();
    const person = await signedInAgain(ada);
    await server.post('/auth/logout', {}, as(person));
    const sid = sidOf(person.accessToken);
    const { next, sids } = await read(early.next);
    expect(sids).toEqual([sid]);
    expect((await read()).sids).toContain(sid);

    // A number that another session has now, as after a restore.
    const [seq] = next.split('.');
    const elsewhere = `${seq}.019a7f3e-0000-7000-8000-000000000000`;
    expect((await read(elsewhere)).sids).toContain(sid);

    server.clock.advance(17 * MINUTE);
    const later = await read();
    expect([later.sids, later.next]).toEqual([[], next]);
    await server.app.get(CleanUp).runIfDue();
    server.clock.advance(3 * 60 * MINUTE);
    await server.app.get(CleanUp).runIfDue();
    expect(count(server.dataDir, 'EndedSession')).toBe(0);
    expect((await read(next)).sids).toEqual([]);
    admin = await signedInAgain(admin);
    ada = await signedInAgain(ada);
  });

  it('comes in pieces when very many end', async () => {
    const { next } = await read();
    const ids = Array.from(
      { length: 1500 },
      (_, i) => `019a7f3e-0000-7000-8000-${`${i}`.padStart(12, '0')}`,
    );
    await server.app.get(Database).execute`
      INSERT INTO "EndedSession" ("sessionId", "endedAt")
      SELECT "value", ${server.clock.now()} FROM json_each(${JSON.stringify(ids)})`;
    const one = await read(next);
    expect([one.claims.more, one.sids]).toEqual([true, ids.slice(0, 1000)]);
    const etag = one.answer.headers.get('etag')!;
    const two = await ask(one.next, { 'if-none-match': etag });
    expect(two.status).toBe(200);
    const { claims } = await opened(server, two.body.feed);
    expect(claims.more).toBe(false);
    expect(claims.sessions).toHaveLength(500);
  });

  it.each([
    'x',
    '1',
    '-1.019a7f3e-0000-7000-8000-000000000000',
    '2026-01-01T00:00:00Z',
    "1.' OR 1=1",
    '1.019A7F3E-0000-7000-8000-000000000000',
  ])('does not take %j as since', async (since) => {
    const answer = await ask(encodeURIComponent(since));
    expect([answer.status, pointers(answer)]).toEqual([400, ['/since']]);
  });
});

function basic(userId: string, password: string): string {
  return `Basic ${Buffer.from(`${userId}:${password}`).toString('base64')}`;
}
