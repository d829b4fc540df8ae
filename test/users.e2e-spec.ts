import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from './support/client.js';
import { MINUTE } from './support/clock.js';
import { as, everyPermissionBut, personWith, pointers, withoutInstance } from './support/people.js';
import { type Person, TestServer } from './support/server.js';

const UNKNOWN_ID = '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11';

let server: TestServer;
let admin: Person;
let ada: Person;
let reader: Person;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
  ada = await server.person('Ada@Example.org');
  reader = await personWith(server, admin, ['users:read']);
});

afterAll(() => server.stop());

describe('who may call what', () => {
  const own = [{ route: 'GET /users/me' }, { route: 'PATCH /users/me', json: {} }];
  const closed = [
    { route: 'GET /users', needs: 'users:read' },
    { route: 'GET /users/{ada}', needs: 'users:read' },
    { route: 'PATCH /users/{ada}', needs: 'users:write', json: {} },
    { route: 'DELETE /users/{ada}/sessions', needs: 'users:write' },
    { route: 'PUT /users/{ada}/roles', needs: 'roles:assign', json: { roles: ['user'] } },
    { route: 'POST /users', needs: 'users:write', json: { email: '{new}' } },
    { route: 'DELETE /users/{new}', needs: 'users:write' },
  ];

  /** `{new}` is another address, or the id of another account, at each call. */
  async function call(
    { route, json }: { route: string; json?: object },
    options: RequestOptions,
  ): Promise<Answer> {
    const email = `new-${randomUUID()}@example.org`;
    const made = route.includes('{new}') && (await server.post('/users', { email }, as(admin)));
    const [method, path] = route.replace(/\{\w+\}/, made ? made.body.id : ada.id).split(' ');
    return server.send(method!, path!, {
      ...options,
      ...(json === undefined ? {} : { json: 'email' in json ? { email } : json }),
    });
  }

  beforeEach(async () => {
    ada = await server.signIn(ada.email);
  });

  describe.each([...own, ...closed])('$route', (route) => {
    it('answers nobody with 401 and a challenge', async () => {
      const answer = await call(route, {});
      expect([answer.status, answer.body.code]).toEqual([401, 'token_missing']);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer realm="latchkey"');
    });

    it('lets the administrator in, by Bearer and by Basic', async () => {
      const byBearer = await call(route, as(admin));
      expect(byBearer.status).toBeLessThan(300);
      const byBasic = await call(route, { basic: [admin.email, admin.password] });
      expect(byBasic.status).toBe(byBearer.status);
    });
  });

  describe.each(own)('$route', (route) => {
    it('lets anyone in who is signed in, to the own account', async () => {
      const answer = await call(route, as(ada));
      expect([answer.status, answer.body.id]).toEqual([200, ada.id]);
    });
  });

  describe.each(closed)('$route', ({ needs, ...route }) => {
    it(`lets someone in who has ${needs} and nothing else`, async () => {
      const person = await personWith(server, admin, [needs]);
      expect((await call(route, as(person))).status).toBeLessThan(300);
    });

    it(`answers 403 to someone with every permission but ${needs}, and to the account's owner`, async () => {
      for (const person of [await personWith(server, admin, everyPermissionBut(needs)), ada]) {
        const answer = await call(route, as(person));
        expect([answer.status, answer.body.code]).toEqual([403, 'permission_required']);
        expect(answer.body.detail).toBe(`This needs the permission ${needs}.`);
        expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
      }
    });
  });

  it('answers a method the path does not take with 405 and Allow', async () => {
    const answer = await server.delete('/users', as(admin));
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });
});

describe('an account in an answer', () => {
  it('holds what is documented and nothing else', async () => {
    const kim = await server.person('Kim+Test@Example.org');
    const answer = await server.get('/users/me', as(kim));
    expect(answer.body).toEqual({
      id: kim.id,
      email: 'Kim+Test@Example.org',
      emailVerified: true,
      name: null,
      roles: ['user'],
      permissions: [],
      status: 'active',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: expect.any(String),
      lastLoginAt: expect.any(String),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('reads the same to its owner, to an administrator and in the list', async () => {
    const own = await server.get('/users/me', as(reader));
    const byId = await server.get(`/users/${reader.id}`, as(admin));
    const listed = await server.get(`/users?q=${reader.email}`, as(admin));
    expect(byId.body).toEqual(own.body);
    expect(listed.body.items).toEqual([own.body]);
  });

  it('is unverified until the address is confirmed, and disabled says more than unverified', async () => {
    await server.post('/auth/register', {
      email: 'later@example.org',
      password: 'a long sentence, mine',
    });
    const found = await server.get('/users?q=later@example.org', as(admin));
    const [later] = found.body.items;
    expect(later).toMatchObject({ emailVerified: false, status: 'unverified', lastLoginAt: null });

    const disabled = await server.patch(`/users/${later.id}`, { status: 'disabled' }, as(admin));
    expect(disabled.body).toMatchObject({ emailVerified: false, status: 'disabled' });
  });

  it('says when the person last signed in', async () => {
    const before = await server.get('/users/me', as(ada));
    server.clock.advance(MINUTE);
    ada = await server.signIn(ada.email);
    const after = await server.get('/users/me', as(ada));
    expect(
      Date.parse(after.body.lastLoginAt) - Date.parse(before.body.lastLoginAt),
    ).toBeGreaterThanOrEqual(MINUTE);
    expect(after.body.updatedAt).toBe(before.body.updatedAt);
  });
});

describe('changing the own account', () => {
  it('sets the name, leaves out what is left out, and null takes it away', async () => {
    const named = await server.patch('/users/me', { name: '  Ada Lovelace ' }, as(ada));
    expect([named.status, named.body.name]).toEqual([200, 'Ada Lovelace']);

    const localized = await server.patch('/users/me', { locale: 'de-AT' }, as(ada));
    expect([localized.status, localized.body.name]).toEqual([200, 'Ada Lovelace']);

    const cleared = await server.patch('/users/me', { name: null }, as(ada));
    expect([cleared.status, cleared.body.name]).toEqual([200, null]);
    expect((await server.get('/users/me', as(ada))).body).toEqual(cleared.body);
  });

  it('takes an empty name for none', async () => {
    await server.patch('/users/me', { name: 'Ada' }, as(ada));
    expect((await server.patch('/users/me', { name: '  ' }, as(ada))).body.name).toBeNull();
  });

  it('changes nothing when nothing is asked for', async () => {
    const before = await server.get('/users/me', as(ada));
    server.clock.advance(MINUTE / 60);
    for (const json of [{}, { name: before.body.name }]) {
      const answer = await server.patch('/users/me', json, as(ada));
      expect([answer.status, answer.body]).toEqual([200, before.body]);
    }
  });

  it.each([
    ['quotes and backslashes', `"'\`\\ \\u0041 \\n`],
    ['markup', '</script><img src=x onerror=1>{{7*7}}<%= 1 %>'],
    ['emoji', '👩‍👩‍👧‍👦 🏳️‍🌈 🇦🇹'],
    ['letters of many scripts', 'Łukasz Żółć · Ἀθηνᾶ · Владимир · 山田太郎 · محمد · שלום'],
    ['decomposed letters', 'Ame\u0301lie'],
    ['composed letters', 'Am\u00e9lie'],
    ['SQL', `Robert'); DROP TABLE "User";--`],
    ['wildcards', '100%_sure*?'],
    ['a zero-width joiner and a non-breaking space', 'a\u200db\u00a0c'],
    ['a hundred characters beyond the basic plane', '𝒜'.repeat(100)],
  ])('keeps a name with %s to the byte', async (_, name) => {
    const answer = await server.patch('/users/me', { name }, as(ada));
    expect([answer.status, answer.body.name]).toEqual([200, name]);
    expect((await server.get(`/users/${ada.id}`, as(admin))).body.name).toBe(name);
    const restored = await server.get('/users/me', { basic: [ada.email, ada.password] });
    expect(Buffer.from(restored.body.name)).toEqual(Buffer.from(name));
  });

  it.each([
    ['a line break', 'Ada\nLovelace'],
    ['a carriage return', 'Ada\rBcc: eve@example.org'],
    ['U+2028', 'Ada\u2028Lovelace'],
    ['U+2029', 'Ada\u2029Lovelace'],
    ['NUL', 'Ada\0'],
    ['an escape character', '\x1b[31mAda'],
    ['DEL', 'Ada\x7f'],
    ['a C1 control character', 'Ada\x85'],
    ['more than a hundred characters', 'a'.repeat(101)],
    ['more than a hundred emoji', '😀'.repeat(101)],
  ])('refuses a name with %s', async (_, name) => {
    const before = await server.get('/users/me', as(ada));
    const answer = await server.patch('/users/me', { name }, as(ada));
    expect([answer.status, answer.body.code, pointers(answer)]).toEqual([
      400,
      'validation_failed',
      ['/name'],
    ]);
    expect((await server.get('/users/me', as(ada))).body).toEqual(before.body);
  });

  it('refuses half of a surrogate pair', async () => {
    const answer = await server.send('PATCH', '/users/me', {
      ...as(ada),
      raw: '{"name":"\\ud83d"}',
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_json']);
  });

  it.each([
    ['name', 5],
    ['name', true],
    ['name', {}],
    ['name', ['Ada']],
    ['locale', 5],
    ['locale', ['de']],
    ['locale', ''],
    ['locale', 'de_AT'],
    ['locale', 'not a locale'],
    ['locale', `de-${'x'.repeat(40)}`],
  ])('refuses %s: %j', async (field, value) => {
    const answer = await server.patch('/users/me', { [field]: value }, as(ada));
    expect([answer.status, [...new Set(pointers(answer))]]).toEqual([400, [`/${field}`]]);
  });
});

describe('[8.2.3] fields nobody may write', () => {
  const READ_ONLY = {
    id: UNKNOWN_ID,
    email: 'eve@example.org',
    emailKey: 'eve@example.org',
    emailVerified: false,
    emailVerifiedAt: null,
    roles: ['admin'],
    permissions: ['users:write'],
    password: 'another sentence, mine',
    passwordHash: '$2b$04$abcdefghijklmnopqrstuu',
    passwordChangedAt: '2020-01-01T00:00:00.000Z',
    createdAt: '2020-01-01T00:00:00.000Z',
    updatedAt: '2020-01-01T00:00:00.000Z',
    lastLoginAt: '2020-01-01T00:00:00.000Z',
    sessions: [],
    oneTimeTokens: { deleteMany: {} },
    userId: UNKNOWN_ID,
    constructor: { prototype: { roles: ['admin'] } },
  };

  it.each([...Object.entries(READ_ONLY), ['status', 'disabled'] as const])(
    'PATCH /users/me refuses %s, and nothing of the body is done',
    async (field, value) => {
      const before = await server.get('/users/me', as(ada));
      const answer = await server.patch('/users/me', { name: 'Changed', [field]: value }, as(ada));
      expect([answer.status, answer.body.errors]).toEqual([
        400,
        [{ pointer: `/${field}`, code: 'unknown_field', detail: expect.any(String) }],
      ]);
      expect((await server.get('/users/me', as(ada))).body).toEqual(before.body);
    },
  );

  it.each([...Object.entries(READ_ONLY), ['locale', 'de'] as const])(
    'PATCH /users/{id} refuses %s, also from an administrator',
    async (field, value) => {
      const before = await server.get(`/users/${ada.id}`, as(admin));
      const answer = await server.patch(
        `/users/${ada.id}`,
        { name: 'Changed', [field]: value },
        as(admin),
      );
      expect([answer.status, pointers(answer)]).toEqual([400, [`/${field}`]]);
      expect((await server.get(`/users/${ada.id}`, as(admin))).body).toEqual(before.body);
    },
  );

  it('refuses a member that would reach the prototype', async () => {
    const answer = await server.send('PATCH', '/users/me', {
      ...as(ada),
      raw: '{"__proto__":{"roles":["admin"]}}',
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_json']);
  });
});

describe('an id that leads nowhere', () => {
  const ids = [
    ['an unknown id', UNKNOWN_ID],
    ['no id at all', 'nobody'],
    ['an id in capitals', UNKNOWN_ID.toUpperCase()],
    ['an id with more behind it', `${UNKNOWN_ID}0`],
    ['a number', '1'],
    ['a quote', "'%20OR%201=1--"],
    ['an encoded slash', '..%2Fme'],
    ['a twice encoded "me"', '%256de'],
    ['a long one', 'a'.repeat(190)],
  ] as const;

  it.each(ids)('is 404 for reading, with one body whatever the reason: %s', async (_, id) => {
    const missing = await server.get(`/users/${UNKNOWN_ID}`, as(reader));
    const answer = await server.get(`/users/${id}`, as(reader));
    expect(answer.status).toBe(404);
    expect(withoutInstance(answer)).toEqual(withoutInstance(missing));
  });

  it.each(ids)('is 404 for every change: %s', async (_, id) => {
    const answers = [
      await server.put(`/users/${id}/roles`, { roles: ['user'] }, as(admin)),
      await server.patch(`/users/${id}`, { name: 'Eve' }, as(admin)),
      await server.delete(`/users/${id}`, as(admin)),
      await server.delete(`/users/${id}/sessions`, as(admin)),
    ];
    const missing = await server.get(`/users/${UNKNOWN_ID}`, as(reader));
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(withoutInstance(answer)).toEqual(withoutInstance(missing));
    }
  });

  it('tells nobody without the permission whether an account is there', async () => {
    const theirs = await server.get(`/users/${ada.id}`, as(await server.person()));
    const missing = await server.get(`/users/${UNKNOWN_ID}`, as(await server.person()));
    const malformed = await server.get('/users/nobody', as(await server.person()));
    expect(theirs.status).toBe(403);
    expect(withoutInstance(missing)).toEqual(withoutInstance(theirs));
    expect(withoutInstance(malformed)).toEqual(withoutInstance(theirs));
  });
});
