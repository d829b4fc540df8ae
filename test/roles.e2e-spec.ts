import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../src/database/database.js';
import { PERMISSIONS } from '../src/users/permissions.js';
import type { Answer } from './support/client.js';
import { MINUTE } from './support/clock.js';
import {
  as,
  everyPermissionBut,
  giveRoles,
  makeRole,
  personWith,
  pointers,
  withoutInstance,
} from './support/people.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const ALL = Object.keys(PERMISSIONS).sort();

let server: TestServer;
let admin: Person;
let ada: Person;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
  admin = await server.administrator();
  ada = await server.person();
});

afterAll(() => server.stop());

const database = () => server.app.get(Database).client;

const refused = ({ status, body }: Answer) => [status, body.code];

/** The roles the account has now. */
async function rolesOf(person: Person): Promise<string[]> {
  return (await server.get(`/users/${person.id}`, as(admin))).body.roles;
}

describe('who may call what', () => {
  const routes = [
    { route: 'GET /roles', needs: 'roles:read' },
    { route: 'GET /permissions', needs: 'roles:read' },
    { route: 'POST /roles', needs: 'roles:write', json: { name: '{new}', permissions: [] } },
    { route: 'PATCH /roles/{new}', needs: 'roles:write', json: { description: 'Changed.' } },
    { route: 'DELETE /roles/{new}', needs: 'roles:write' },
  ];

  let made = 0;

  /** `{new}` is another role at each call. */
  async function call(
    { route, json }: { route: string; json?: object },
    options: object,
  ): Promise<Answer> {
    const name = route.includes('{new}') ? await makeRole(server, admin, []) : `made-${++made}`;
    const [method, path] = route.replace('{new}', name).split(' ');
    return server.send(method!, path!, {
      ...options,
      ...(json === undefined ? {} : { json: 'name' in json ? { ...json, name } : json }),
    });
  }

  describe.each(routes)('$route', ({ needs, ...route }) => {
    it('answers nobody with 401 and a challenge', async () => {
      const answer = await call(route, {});
      expect(refused(answer)).toEqual([401, 'token_missing']);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer realm="latchkey"');
    });

    it('lets the administrator in, by Bearer and by Basic', async () => {
      const byBearer = await call(route, as(admin));
      expect(byBearer.status).toBeLessThan(300);
      const byBasic = await call(route, { basic: [admin.email, admin.password] });
      expect(byBasic.status).toBe(byBearer.status);
    });

    it(`lets someone in who has ${needs} and nothing else`, async () => {
      const person = await personWith(server, admin, [needs]);
      expect((await call(route, as(person))).status).toBeLessThan(300);
    });

    it(`answers 403 to someone with every permission but ${needs}, and to an ordinary person`, async () => {
      for (const person of [await personWith(server, admin, everyPermissionBut(needs)), ada]) {
        const answer = await call(route, as(person));
        expect(refused(answer)).toEqual([403, 'permission_required']);
        expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
      }
    });
  });
});

describe('the lists', () => {
  it('names every permission, with what it allows', async () => {
    const { body } = await server.get('/permissions?count=true', as(admin));
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(ALL);
    expect(body.items).toContainEqual({
      name: 'roles:assign',
      description: 'Give roles to accounts and take them away.',
    });
    expect([body.total, body.nextCursor]).toEqual([ALL.length, null]);
  });

  it('shows the built-in roles: admin with every permission, user with none', async () => {
    const { body } = await server.get('/roles', as(admin));
    const builtIn = body.items.filter((role: { builtIn: boolean }) => role.builtIn);
    expect(builtIn).toEqual([
      { name: 'admin', description: 'Every permission.', permissions: ALL, builtIn: true },
      { name: 'user', description: 'The own account only.', permissions: [], builtIn: true },
    ]);
  });

  it.each(['/roles', '/permissions'])('pages through %s by Link, each item once', async (list) => {
    const whole = await server.get(`${list}?limit=200`, as(admin));
    const met: unknown[] = [];
    let path: string | undefined = `${list}?limit=2`;
    while (path !== undefined) {
      const page = await server.get(path, as(admin));
      met.push(...page.body.items);
      const link: string | undefined = /^<(.+)>; rel="next"$/.exec(
        page.headers.get('link') ?? '',
      )?.[1];
      path = link === undefined ? undefined : new URL(link).pathname + new URL(link).search;
    }
    expect(met).toEqual(whole.body.items);
    expect(met.length).toBeGreaterThan(2);
  });

  it.each(['/roles', '/permissions'])(
    'refuses bad limits and foreign cursors: %s',
    async (list) => {
      const users = await server.get('/users?limit=1', as(admin));
      for (const [query, field] of [
        ['limit=0', '/limit'],
        ['limit=201', '/limit'],
        ['limit=1e3', '/limit'],
        [`cursor=${users.body.nextCursor}`, '/cursor'],
        ['q=a', '/q'],
      ]) {
        const answer = await server.get(`${list}?${query}`, as(admin));
        expect([query, answer.status, pointers(answer)[0]]).toEqual([query, 400, field]);
      }
    },
  );
});

describe('making a role', () => {
  it('answers 201 with the role and where it is', async () => {
    const wanted = {
      name: 'support_team-2',
      description: ' Answers “questions” </script> 👩‍🚒 ',
      permissions: ['users:read', 'roles:read'],
    };
    const answer = await server.post('/roles', wanted, as(admin));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/roles/support_team-2');
    expect(answer.body).toEqual({
      name: 'support_team-2',
      description: 'Answers “questions” </script> 👩‍🚒',
      permissions: ['roles:read', 'users:read'],
      builtIn: false,
    });
    const { body } = await server.get('/roles?limit=200', as(admin));
    expect(body.items).toContainEqual(answer.body);
  });

  it('needs no description and no permission', async () => {
    const answer = await server.post('/roles', { name: 'empty', permissions: [] }, as(admin));
    expect(answer.body).toEqual({
      name: 'empty',
      description: '',
      permissions: [],
      builtIn: false,
    });
  });

  it.each(['admin', 'user', 'taken'])('refuses a name that is taken: %s', async (name) => {
    await server.post('/roles', { name: 'taken', permissions: ['users:read'] }, as(admin));
    const answer = await server.post('/roles', { name, permissions: [] }, as(admin));
    expect(refused(answer)).toEqual([409, 'conflict']);
    expect(answer.body.detail).toBe('There is a role of this name already.');
  });

  it('lets one of many at the same moment have the name', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        server.post('/roles', { name: 'wanted-by-all', permissions: [] }, as(admin)),
      ),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  });

  it.each([
    ['/name', { name: 'a' }],
    ['/name', { name: 'a'.repeat(41) }],
    ['/name', { name: 'Admin' }],
    ['/name', { name: 'support team' }],
    ['/name', { name: 'support\n' }],
    ['/name', { name: 'unterstützung' }],
    ['/name', { name: '../users' }],
    ['/name', { name: 'а' + 'dmin' }],
    ['/name', { name: 5 }],
    ['/name', { name: null }],
    ['/name', { name: undefined }],
    ['/permissions', { permissions: undefined }],
    ['/permissions', { permissions: null }],
    ['/permissions', { permissions: 'users:read' }],
    ['/permissions', { permissions: [5] }],
    ['/permissions', { permissions: ['users:read', 'users:read'] }],
    ['/permissions', { permissions: Array.from({ length: 101 }, (_, i) => `p${i}`) }],
    ['/permissions/0', { permissions: ['*'] }],
    ['/permissions/1', { permissions: ['users:read', 'users:everything'] }],
    ['/permissions/0', { permissions: ['constructor'] }],
    ['/permissions/0', { permissions: ['USERS:READ'] }],
    ['/description', { description: null }],
    ['/description', { description: 'a'.repeat(201) }],
    ['/description', { description: 'two\nlines' }],
    ['/builtIn', { builtIn: true }],
    ['/id', { id: '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11' }],
    ['/users', { users: [] }],
    ['/createdAt', { createdAt: '2020-01-01T00:00:00.000Z' }],
  ])('refuses at %s: %j', async (pointer, change) => {
    const before = await server.get('/roles?count=true', as(admin));
    const answer = await server.post(
      '/roles',
      { name: 'never-made', permissions: [], ...change },
      as(admin),
    );
    expect([...refused(answer), new Set(pointers(answer))]).toEqual([
      400,
      'validation_failed',
      new Set([pointer]),
    ]);
    expect((await server.get('/roles?count=true', as(admin))).body).toEqual(before.body);
  });
});

describe('changing and deleting a role', () => {
  it('changes what is named and leaves the rest', async () => {
    const name = await makeRole(server, admin, ['users:read']);
    const described = await server.patch(`/roles/${name}`, { description: 'For all.' }, as(admin));
    expect([described.status, described.body]).toEqual([
      200,
      { name, description: 'For all.', permissions: ['users:read'], builtIn: false },
    ]);
    const widened = await server.patch(
      `/roles/${name}`,
      { permissions: ['users:write', 'roles:read'] },
      as(admin),
    );
    expect(widened.body).toMatchObject({
      description: 'For all.',
      permissions: ['roles:read', 'users:write'],
    });
    const unchanged = await server.patch(`/roles/${name}`, {}, as(admin));
    expect([unchanged.status, unchanged.body]).toEqual([200, widened.body]);
  });

  it.each([{ name: 'other' }, { builtIn: true }, { permissions: ['*'] }, { permissions: null }])(
    'refuses %j and changes nothing',
    async (change) => {
      const name = await makeRole(server, admin, ['users:read']);
      const answer = await server.patch(
        `/roles/${name}`,
        { description: 'Changed.', ...change },
        as(admin),
      );
      expect(refused(answer)).toEqual([400, 'validation_failed']);
      const { body } = await server.get('/roles?limit=200', as(admin));
      expect(body.items).toContainEqual({
        name,
        description: '',
        permissions: ['users:read'],
        builtIn: false,
      });
    },
  );

  it.each(['admin', 'user'])(
    'the built-in role %s can be neither changed nor deleted',
    async (name) => {
      for (const answer of [
        await server.patch(`/roles/${name}`, { permissions: [] }, as(admin)),
        await server.patch(`/roles/${name}`, { description: 'Changed.' }, as(admin)),
        await server.delete(`/roles/${name}`, as(admin)),
      ]) {
        expect(refused(answer)).toEqual([409, 'conflict']);
        expect(answer.body.detail).toBe(
          'This role is built in: it can be neither changed nor deleted.',
        );
      }
    },
  );

  it('a deleted role is gone, from the list and from everyone who had it', async () => {
    const name = await makeRole(server, admin, ['users:read']);
    const person = await server.person();
    await giveRoles(server, admin, person, ['user', name]);
    const answer = await server.delete(`/roles/${name}`, as(admin));
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await rolesOf(person)).toEqual(['user']);
    expect((await server.delete(`/roles/${name}`, as(admin))).status).toBe(404);
    const again = await server.post('/roles', { name, permissions: ['users:read'] }, as(admin));
    expect(again.status).toBe(201);
    expect(await rolesOf(person)).toEqual(['user']);
  });

  it.each(['nobody', 'ADMIN', 'a', '..%2Fusers', '%61dmin%00', "x'%20OR%201=1--"])(
    'a role that is not there is 404, with one body: %s',
    async (name) => {
      const missing = await server.delete('/roles/missing', as(admin));
      expect(refused(missing)).toEqual([404, 'not_found']);
      for (const answer of [
        await server.patch(`/roles/${name}`, { description: 'Changed.' }, as(admin)),
        await server.delete(`/roles/${name}`, as(admin)),
      ]) {
        expect([answer.status, withoutInstance(answer)]).toEqual([404, withoutInstance(missing)]);
      }
    },
  );
});

describe('giving and taking roles', () => {
  it('sets exactly the roles that are named', async () => {
    const person = await server.person();
    const name = await makeRole(server, admin, ['users:read']);
    const given = await giveRoles(server, admin, person, [name]);
    expect(given.body).toMatchObject({ id: person.id, roles: [name], permissions: ['users:read'] });
    const both = await giveRoles(server, admin, person, ['user', name]);
    expect(both.body.roles).toEqual([name, 'user'].sort());
    const none = await giveRoles(server, admin, person, []);
    expect(none.body).toMatchObject({ roles: [], permissions: [] });
    expect((await server.get('/users/me', as(person))).body).toEqual(none.body);
  });

  it('gives none to whoever has only registered, until the address is confirmed', async () => {
    const email = 'registered-only@example.org';
    await server.post('/auth/register', { email, password: PASSWORD });
    const { body } = await server.get(`/users?q=${email}`, as(admin));
    const { id } = body.items[0];
    const give = (roles: string[]) => server.put(`/users/${id}/roles`, { roles }, as(admin));

    const answer = await give(['user', 'admin']);
    expect(refused(answer)).toEqual([409, 'conflict']);
    expect(answer.body.detail).toMatch(/invite the person/i);
    expect((await give([])).status).toBe(200);
    expect((await give(['user'])).body.roles).toEqual(['user']);
    // A role everybody has protects nobody's password.
    await server.post('/auth/register', { email, password: 'what the owner chose' });

    const { token } = await server.newestMail(email);
    await server.post('/auth/verify-email', { token });
    expect((await give(['user', 'admin'])).status).toBe(200);
    expect((await server.post('/auth/login', { email, password: PASSWORD })).status).toBe(401);
    await server.signIn(email, 'what the owner chose');
  });

  it('the administrator has every permission there is', async () => {
    const { body } = await server.get('/users/me', as(admin));
    expect(body).toMatchObject({ roles: ['admin', 'user'], permissions: ALL });
  });

  it.each([
    [['ghost'], ['/roles/0'], 'unknown_role'],
    [['user', 'ghost', 'spirit'], ['/roles/1', '/roles/2'], 'unknown_role'],
    [['ADMIN'], ['/roles/0'], 'unknown_role'],
    [['admin '], ['/roles/0'], 'unknown_role'],
    [[''], ['/roles/0'], 'unknown_role'],
    [['user', 'user'], ['/roles'], 'duplicate'],
    [Array.from({ length: 51 }, (_, i) => `role${i}`), ['/roles'], 'too_many'],
    [[5], ['/roles'], 'wrong_type'],
    [[['admin']], ['/roles'], 'wrong_type'],
    [[{ name: 'admin' }], ['/roles'], 'wrong_type'],
  ])('refuses the roles %j', async (roles, where, code) => {
    const before = await rolesOf(ada);
    const answer = await server.put(`/users/${ada.id}/roles`, { roles }, as(admin));
    expect([...refused(answer), pointers(answer)]).toEqual([400, 'validation_failed', where]);
    expect(answer.body.errors[0].code).toBe(code);
    expect(await rolesOf(ada)).toEqual(before);
  });

  it.each([{}, { roles: null }, { roles: 'admin' }, { roles: { 0: 'admin', length: 1 } }])(
    'refuses the body %j',
    async (json) => {
      const answer = await server.put(`/users/${ada.id}/roles`, json, as(admin));
      expect([answer.status, new Set(pointers(answer))]).toEqual([400, new Set(['/roles'])]);
    },
  );

  it.each(['grantedBy', 'grantedAt', 'userId', 'permissions'])(
    'refuses a member it does not know: %s',
    async (field) => {
      const json = { roles: ['user'], [field]: 'x' };
      const answer = await server.put(`/users/${ada.id}/roles`, json, as(admin));
      expect([answer.status, pointers(answer)]).toEqual([400, [`/${field}`]]);
    },
  );

  it('keeps who granted a role that stays, and when', async () => {
    const other = await server.administrator();
    const person = await server.person();
    const [first, second] = [await makeRole(server, admin, []), await makeRole(server, admin, [])];
    await giveRoles(server, admin, person, [first]);
    const [before] = await database().userRole.findMany({ where: { userId: person.id } });

    server.clock.advance(MINUTE);
    await giveRoles(server, other, person, [second, first]);
    const rows = await database().userRole.findMany({ where: { userId: person.id } });
    expect(rows).toContainEqual(before);
    expect(before!.grantedBy).toBe(admin.id);
    const added = rows.find((row) => row.roleId !== before!.roleId)!;
    expect(added.grantedBy).toBe(other.id);
    expect(added.grantedAt.getTime() - before!.grantedAt.getTime()).toBeGreaterThanOrEqual(MINUTE);
  });
});

describe('a change counts at the next request, for tokens already out', () => {
  const list = async (person: Person) => [
    (await server.get('/users?limit=1', as(person))).status,
    (await server.get('/users?limit=1', { basic: [person.email, person.password] })).status,
  ];

  it('when a role is given and taken', async () => {
    const person = await server.person();
    const name = await makeRole(server, admin, ['users:read']);
    for (let round = 0; round < 3; round++) {
      expect(await list(person)).toEqual([403, 403]);
      await giveRoles(server, admin, person, ['user', name]);
      expect(await list(person)).toEqual([200, 200]);
      await giveRoles(server, admin, person, ['user']);
    }
    expect(await list(person)).toEqual([403, 403]);
  });

  it('when what a role grants is changed', async () => {
    const person = await server.person();
    const name = await makeRole(server, admin, []);
    await giveRoles(server, admin, person, [name]);
    expect(await list(person)).toEqual([403, 403]);
    await server.patch(`/roles/${name}`, { permissions: ['users:read'] }, as(admin));
    expect(await list(person)).toEqual([200, 200]);
    await server.patch(`/roles/${name}`, { permissions: ['users:write'] }, as(admin));
    expect(await list(person)).toEqual([403, 403]);
  });

  it('when a role is deleted', async () => {
    const person = await server.person();
    const name = await makeRole(server, admin, ['users:read']);
    await giveRoles(server, admin, person, [name]);
    expect(await list(person)).toEqual([200, 200]);
    await server.delete(`/roles/${name}`, as(admin));
    expect(await list(person)).toEqual([403, 403]);
  });

  it('when an administrator is demoted, while others read all the time', async () => {
    const demoted = await server.administrator();
    let reading = true;
    const statuses: number[] = [];
    const reader = (async () => {
      while (reading) statuses.push((await server.get('/users?limit=1', as(demoted))).status);
    })();
    await expect.poll(() => statuses.length).toBeGreaterThan(5);
    await giveRoles(server, admin, demoted, ['user']);
    expect(await list(demoted)).toEqual([403, 403]);
    await expect.poll(() => statuses).toContain(403);
    reading = false;
    await reader;
    expect(statuses.slice(statuses.indexOf(403)).includes(200)).toBe(false);
  });

  it('after a restart too', async () => {
    const person = await server.person();
    const name = await makeRole(server, admin, ['users:read']);
    await giveRoles(server, admin, person, [name]);
    server = await server.restart();
    expect(await list(person)).toEqual([200, 200]);
    await giveRoles(server, admin, person, ['user']);
    expect(await list(person)).toEqual([403, 403]);
  });
});

describe('nobody hands on what they do not have', () => {
  const HELD = ['roles:assign', 'roles:write', 'users:read'];
  const LACKING = 'This needs the permission roles:read and users:write.';
  let deputy: Person;
  let mighty: string;

  beforeAll(async () => {
    deputy = await personWith(server, admin, HELD);
    mighty = await makeRole(server, admin, ['users:read', 'users:write', 'roles:read']);
  });

  it('nobody gives a role with a permission they lack, to others or to themselves', async () => {
    for (const person of [ada, deputy]) {
      const before = await rolesOf(person);
      for (const [name, lacking] of [
        [mighty, LACKING],
        [
          'admin',
          `This needs the permission ${ALL.filter((one) => !HELD.includes(one)).join(' and ')}.`,
        ],
      ] as const) {
        const json = { roles: [...before, name] };
        const answer = await server.put(`/users/${person.id}/roles`, json, as(deputy));
        expect([...refused(answer), answer.body.detail]).toEqual([
          403,
          'permission_required',
          lacking,
        ]);
        expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
      }
      expect(await rolesOf(person)).toEqual(before);
    }
  });

  it('nobody takes away a role with a permission they lack', async () => {
    const other = await server.administrator();
    const answer = await server.put(`/users/${other.id}/roles`, { roles: ['user'] }, as(deputy));
    expect(refused(answer)).toEqual([403, 'permission_required']);
    expect(await rolesOf(other)).toEqual(['admin', 'user']);
  });

  it('a role that stays may hold more than the caller has', async () => {
    const person = await server.person();
    await giveRoles(server, admin, person, [mighty]);
    const answer = await server.put(
      `/users/${person.id}/roles`,
      { roles: ['user', mighty] },
      as(deputy),
    );
    expect([answer.status, answer.body.roles]).toEqual([200, [mighty, 'user'].sort()]);
  });

  it('nobody makes a role with a permission they lack', async () => {
    const wanted = { name: 'ladder', permissions: ['users:read', 'users:write', 'roles:read'] };
    const answer = await server.post('/roles', wanted, as(deputy));
    expect([...refused(answer), answer.body.detail]).toEqual([403, 'permission_required', LACKING]);
    const { body } = await server.get('/roles?limit=200', as(admin));
    expect(body.items.map(({ name }: { name: string }) => name)).not.toContain('ladder');
  });

  it('nobody adds a permission they lack to a role, also to the one they hold', async () => {
    const [own] = await rolesOf(deputy);
    const empty = await makeRole(server, admin, []);
    for (const name of [own, empty]) {
      const answer = await server.patch(`/roles/${name}`, { permissions: ALL }, as(deputy));
      expect(refused(answer)).toEqual([403, 'permission_required']);
    }
    expect((await server.get('/users/me', as(deputy))).body.permissions).not.toContain(
      'users:write',
    );
  });

  it('nobody changes or deletes a role that holds a permission they lack', async () => {
    for (const answer of [
      await server.patch(`/roles/${mighty}`, { permissions: [] }, as(deputy)),
      await server.patch(`/roles/${mighty}`, { description: 'Mine.' }, as(deputy)),
      await server.delete(`/roles/${mighty}`, as(deputy)),
    ]) {
      expect(refused(answer)).toEqual([403, 'permission_required']);
    }
  });

  it('nobody invites someone with a role that holds a permission they lack', async () => {
    const inviter = await personWith(server, admin, ['users:write', 'roles:assign']);
    const json = { email: 'ladder@example.org', roles: ['admin'] };
    const answer = await server.post('/users', json, as(inviter));
    expect(refused(answer)).toEqual([403, 'permission_required']);
    const found = await server.get('/users?q=ladder@example.org', as(admin));
    expect(found.body.items).toEqual([]);
  });

  it('within what they have they may do all of it', async () => {
    const json = { name: 'lesser', permissions: ['users:read'] };
    expect((await server.post('/roles', json, as(deputy))).status).toBe(201);
    const person = await server.person();
    const given = await server.put(`/users/${person.id}/roles`, { roles: ['lesser'] }, as(deputy));
    expect(given.body.permissions).toEqual(['users:read']);
    const narrowed = await server.patch('/roles/lesser', { permissions: [] }, as(deputy));
    expect(narrowed.status).toBe(200);
    expect((await server.delete('/roles/lesser', as(deputy))).status).toBe(204);
  });

  it('someone who has just lost a permission no longer hands it on', async () => {
    const person = await personWith(server, admin, ['roles:assign', 'users:read']);
    const name = await makeRole(server, admin, ['users:read']);
    const [own] = await rolesOf(person);
    await server.patch(`/roles/${own}`, { permissions: ['roles:assign'] }, as(admin));
    const answer = await server.put(`/users/${ada.id}/roles`, { roles: [name] }, as(person));
    expect(refused(answer)).toEqual([403, 'permission_required']);
  });
});

describe('the audit trail', () => {
  const trail = (where: object) =>
    database().auditEvent.findMany({ where, orderBy: { seq: 'asc' } });

  it('holds who changed whose roles, from what to what, and by which request', async () => {
    const person = await server.person();
    const name = await makeRole(server, admin, []);
    const answer = await server.put(`/users/${person.id}/roles`, { roles: [name] }, as(admin));
    expect(await trail({ type: 'roles.changed', subject: person.id })).toEqual([
      expect.objectContaining({
        actor: admin.id,
        scheme: 'Bearer',
        ip: '127.0.0.1',
        requestId: answer.headers.get('x-request-id'),
        detail: { before: ['user'], after: [name] },
      }),
    ]);
  });

  it('holds each role made, changed and deleted', async () => {
    const name = 'audited';
    await server.post('/roles', { name, permissions: ['users:read'] }, as(admin));
    const { id } = (await database().role.findUnique({ where: { name } }))!;
    await server.patch(`/roles/${name}`, { permissions: [] }, as(admin));
    await server.delete(`/roles/${name}`, as(admin));
    const made = { name, description: '', permissions: ['users:read'] };
    const changed = { ...made, permissions: [] };
    const events = await trail({ subject: id });
    expect(events.map(({ type, actor, detail }) => ({ type, actor, detail }))).toEqual([
      { type: 'role.created', actor: admin.id, detail: { after: made } },
      { type: 'role.changed', actor: admin.id, detail: { before: made, after: changed } },
      { type: 'role.deleted', actor: admin.id, detail: { before: changed } },
    ]);
  });

  it('holds which fields of an account were changed, not what they say', async () => {
    const person = await server.person();
    await server.patch('/users/me', { name: 'Secret Name', locale: 'de' }, as(person));
    const events = await trail({ type: 'user.updated', subject: person.id });
    expect(events).toEqual([
      expect.objectContaining({
        actor: person.id,
        detail: { after: { changed: ['name', 'locale'] } },
      }),
    ]);
  });

  it('holds nothing about what was refused or changed nothing', async () => {
    const before = await database().auditEvent.count();
    await server.put(`/users/${ada.id}/roles`, { roles: await rolesOf(ada) }, as(admin));
    await server.put(`/users/${ada.id}/roles`, { roles: ['ghost'] }, as(admin));
    await server.patch('/users/me', {}, as(ada));
    await server.post('/roles', { name: 'admin', permissions: [] }, as(admin));
    await server.delete('/roles/admin', as(admin));
    expect(await database().auditEvent.count()).toBe(before);
  });
});
