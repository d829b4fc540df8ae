import BetterSqlite3 from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../src/auth/api-keys/api-key.js';
import { ApiKeyUses } from '../src/auth/api-keys/api-key-uses.js';
import { uuidv7 } from '../src/common/crypto/uuid.js';
import { by, type MadeKey, makeKey } from './support/api-keys.js';
import type { RequestOptions } from './support/client.js';
import { DAY, HOUR, MINUTE } from './support/clock.js';
import { as, giveRoles, makeRole, personWith, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { databaseBytes, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const KEY = /^lk_key_[0-9a-f]{32}[0-9A-Za-z]{49}$/;

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.stop();
  admin = await server.administrator();
});
afterAll(() => server.stop());

/** Each way to send a key. */
function ways({ key }: MadeKey, { email }: Person): [string, RequestOptions][] {
  return [
    ['Bearer', { bearer: key }],
    ['X-API-Key', { headers: { 'x-api-key': key } }],
    ['Basic', { basic: [email, key] }],
  ];
}

function isEmpty(way: object): boolean {
  return Object.keys(way).length === 0;
}

async function status(path: string, options: RequestOptions): Promise<number> {
  return (await server.get(path, options)).status;
}

/** The status and code by each way, both when nothing is remembered of it and when something is. */
async function everyWay(key: MadeKey, owner: Person, path = '/users/me'): Promise<unknown[]> {
  const said = [];
  for (const [, options] of [...ways(key, owner), ...ways(key, owner)]) {
    const { status, body } = await server.get(path, options);
    said.push(body?.code ?? status);
  }
  return [...new Set(said)];
}

describe('making a key', () => {
  it('answers with it, this once, and with what it is good for', async () => {
    const owner = await personWith(server, admin, ['users:read']);
    const expiresAt = new Date(server.clock.now().getTime() + DAY).toISOString();
    const answer = await server.post(
      '/auth/api-keys',
      {
        name: '  nightly report ',
        permissions: ['users:read'],
        expiresAt,
        networks: ['2001:0DB8::/32', '192.0.2.1', '192.0.2.1/32'],
      },
      as(owner),
    );
    expect(answer.status).toBe(201);
    const { key, ...shown } = answer.body;
    expect(key).toMatch(KEY);
    expect(shown).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'nightly report',
      permissions: ['users:read'],
      networks: ['2001:db8::/32', '192.0.2.1/32'],
      createdAt: expect.any(String),
      expiresAt,
      lastUsedAt: null,
      lastUsedIp: null,
    });
    expect(key).toContain(shown.id.replaceAll('-', ''));
    expect(answer.headers.get('location')).toBe(`/auth/api-keys/${shown.id}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');

    const list = await server.get('/auth/api-keys?count=true', as(owner));
    expect(list.body).toEqual({ items: [shown], nextCursor: null, total: 1 });
  });

  it('[11.4.1] stores a hash of it and nothing else of its secret', async () => {
    const { id, key } = await makeKey(server, await server.person());
    const [row] = rows(server.dataDir, 'SELECT * FROM "ApiKey" WHERE "id" = ?', id);
    expect(row.keyHash).toHaveLength(32);
    const bytes = databaseBytes(server.dataDir).toString('latin1');
    for (const part of [key, key.slice(39), key.slice(39, -6)]) expect(bytes).not.toContain(part);
  });

  it.each([
    [{}, '/name'],
    [{ name: '' }, '/name'],
    [{ name: ' ' }, '/name'],
    [{ name: 'x'.repeat(101) }, '/name'],
    [{ name: 'a\nb' }, '/name'],
    [{ name: 7 }, '/name'],
    [{ name: 'x', permissions: 'users:read' }, '/permissions'],
    [{ name: 'x', permissions: [7] }, '/permissions'],
    [{ name: 'x', permissions: ['no:such'] }, '/permissions/0'],
    [{ name: 'x', permissions: ['*'] }, '/permissions/0'],
    [{ name: 'x', permissions: null }, '/permissions'],
    [{ name: 'x', networks: ['10.1.2.3/8'] }, '/networks'],
    [{ name: 'x', networks: ['everywhere'] }, '/networks'],
    [{ name: 'x', networks: [{}] }, '/networks'],
    [{ name: 'x', networks: Array(21).fill('::1') }, '/networks'],
    [{ name: 'x', expiresAt: 'tomorrow' }, '/expiresAt'],
    [{ name: 'x', expiresAt: 4102444800 }, '/expiresAt'],
    [{ name: 'x', expiresAt: '2030-02-31' }, '/expiresAt'],
    [{ name: 'x', expiresAt: '2030-99-99T12:00:00Z' }, '/expiresAt'],
    [{ name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
  ])('refuses %j', async (json, pointer) => {
    const answer = await server.post('/auth/api-keys', json, as(admin));
    expect([answer.status, ...new Set(pointers(answer))]).toEqual([400, pointer]);
  });

  it('(F52) refuses whatever would make it another’s key, or another key', async () => {
    const victim = await server.person();
    const thief = await server.person();
    for (const more of [
      { userId: victim.id },
      { createdBy: victim.id },
      { role: 'admin' },
      { roles: ['admin'] },
      { key: newApiKey(victim.id) },
      { id: victim.id },
      { tenantId: 'x' },
      { authTime: new Date() },
    ]) {
      const answer = await server.post('/auth/api-keys', { name: 'x', ...more }, as(thief));
      expect([answer.status, pointers(answer)]).toEqual([400, [`/${Object.keys(more)[0]}`]]);
    }
    const { key } = await makeKey(server, thief);
    expect((await server.get('/users/me', { bearer: key })).body.id).toBe(thief.id);
    expect((await server.get('/auth/api-keys', as(victim))).body.items).toEqual([]);
  });

  it('[8.3.3] refuses permissions that the owner does not hold', async () => {
    const owner = await personWith(server, admin, ['users:read']);
    const answer = await server.post(
      '/auth/api-keys',
      { name: 'x', permissions: ['users:read', 'users:write'] },
      as(owner),
    );
    expect([answer.status, answer.body.code]).toEqual([403, 'permission_required']);
    expect(answer.body.detail).toContain('users:write');
    expect((await server.get('/auth/api-keys', as(owner))).body.items).toEqual([]);
  });

  it('[7.5.1] needs a recent sign-in', async () => {
    const owner = await server.person();
    server.clock.advance(6 * MINUTE);
    const late = await server.post('/auth/api-keys', { name: 'x' }, as(owner));
    expect([late.status, late.body.code]).toEqual([403, 'recent_login_required']);
    await makeKey(server, await server.signIn(owner.email));
    // A password sent with the request is as recent as can be.
    const basic: RequestOptions = { basic: [owner.email, PASSWORD] };
    expect((await server.post('/auth/api-keys', { name: 'x' }, basic)).status).toBe(201);
    admin = await server.signIn(admin.email);
  });

  it('(F29) is nothing for whoever has not confirmed the address', async () => {
    const email = 'unconfirmed@example.org';
    await server.post('/auth/register', { email, password: PASSWORD });
    const answer = await server.post('/auth/api-keys', { name: 'x' }, { basic: [email, PASSWORD] });
    expect([answer.status, answer.body.code]).toEqual([403, 'email_not_verified']);
  });

  it('[2.3.2] stops at fifty that stand, however many are made at once', async () => {
    const owner = await server.person();
    const answers = await atOnce(60, () => server.post('/auth/api-keys', { name: 'x' }, as(owner)));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 50, 409: 10 });
    const { id } = answers.find(({ status }) => status === 201)!.body;
    await server.delete(`/auth/api-keys/${id}`, as(owner));
    await makeKey(server, owner);
    const full = await server.post('/auth/api-keys', { name: 'x' }, as(owner));
    expect([full.status, full.body.code]).toEqual([409, 'conflict']);

    const first = await server.get('/auth/api-keys?limit=20&count=true', as(owner));
    expect([first.body.items.length, first.body.total]).toEqual([20, 50]);
    const next = await server.get(
      `/auth/api-keys?limit=40&cursor=${first.body.nextCursor}`,
      as(owner),
    );
    expect([next.body.items.length, next.body.nextCursor]).toEqual([30, null]);
  });
});

describe('a key', () => {
  it('lets its owner in by each way, and the log says that it was a key', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner);
    for (const [, options] of [...ways(key, owner), ...ways(key, owner)]) {
      expect((await server.get('/users/me', options)).body.id).toBe(owner.id);
    }
    const lines = server.logLines.map((line) => JSON.parse(line));
    expect(lines.filter(({ apiKey }) => apiKey === key.id)).toHaveLength(6);
    expect(lines.findLast(({ apiKey }) => apiKey === key.id)).toMatchObject({
      scheme: 'ApiKey',
      userId: owner.id,
    });
  });

  it('is the password of its owner’s address alone, however that is written', async () => {
    const owner = await server.person();
    const { key } = await makeKey(server, owner);
    expect(await status('/users/me', { basic: [owner.email.toUpperCase(), key] })).toBe(200);
    for (const other of [admin.email, 'nobody@example.org', '', owner.id]) {
      for (let time = 0; time < 2; time++) {
        const { status, body } = await server.get('/users/me', { basic: [other, key] });
        expect([status, body.code]).toEqual([401, 'invalid_credentials']);
      }
    }
  });

  it('without permissions reaches its owner’s own account alone', async () => {
    const key = await makeKey(server, admin);
    expect(await status('/users/me', by(key))).toBe(200);
    expect(await status('/auth/sessions', by(key))).toBe(200);
    for (const path of ['/users', '/roles', '/permissions', '/audit-events', '/access-review']) {
      const { status, body, headers } = await server.get(path, by(key));
      expect([status, body.code]).toEqual([403, 'permission_required']);
      expect(headers.get('www-authenticate')).toContain('insufficient_scope');
    }
  });

  it('[8.3.3] does what it was made for, and no more though its owner may', async () => {
    const key = await makeKey(server, admin, { permissions: ['users:read'] });
    expect(await status('/users', by(key))).toBe(200);
    expect(await status('/roles', by(key))).toBe(403);
    expect((await server.post('/users', { email: 'x@example.org' }, by(key))).status).toBe(403);
    expect((await server.put(`/users/${admin.id}/roles`, { roles: [] }, by(key))).status).toBe(403);
  });

  it('changes nobody’s roles, whatever it was made for: that needs somebody who is there', async () => {
    const person = await server.person();
    const key = await makeKey(server, admin, { permissions: ['roles:assign', 'roles:write'] });
    const answers = [
      await server.put(`/users/${person.id}/roles`, { roles: ['user'] }, by(key)),
      await server.post('/roles', { name: 'by-key', permissions: [] }, by(key)),
    ];
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([403, 'recent_login_required']);
    }
  });

  it('ends nobody who may do more than it may', async () => {
    const other = await server.administrator();
    const key = await makeKey(server, admin, { permissions: ['users:write'] });
    const { status, body } = await server.delete(`/users/${other.id}/sessions`, by(key));
    expect([status, body.code]).toEqual([403, 'permission_required']);
  });

  it('is never sent with another credential', async () => {
    const owner = await server.person();
    const { key } = await makeKey(server, owner);
    const both: RequestOptions[] = [
      { bearer: owner.accessToken, headers: { 'x-api-key': key } },
      { bearer: key, headers: { 'x-api-key': key } },
      { basic: [owner.email, PASSWORD], headers: { 'x-api-key': key } },
      { headers: { authorization: '', 'x-api-key': key } },
    ];
    for (const options of both) {
      const { status, body } = await server.get('/users/me', options);
      expect([status, body.code]).toEqual([400, 'bad_request']);
      expect(body.detail).toBe('Send one credential: either Authorization or X-API-Key.');
    }
    const twice = await server.get('/users/me', { headers: { 'x-api-key': `${key}, ${key}` } });
    expect(twice.status).toBe(401);
  });

  it('that is wrong is refused, the same whatever is wrong with it', async () => {
    const owner = await server.person();
    const { id, key } = await makeKey(server, owner);
    await status('/users/me', { bearer: key });
    const wrong = [
      newApiKey(id), // the id of a real one
      newApiKey(uuidv7(new Date())),
      `${key}x`,
      key.slice(0, -1),
      key.toUpperCase(),
      key.replace('lk_key_', 'lk_rt_'),
      `${key.slice(0, 50)}${key[50] === 'a' ? 'b' : 'a'}${key.slice(51)}`,
      'lk_key_',
      'x',
      'x'.repeat(10_000),
    ];
    for (const text of wrong) {
      const { status, body } = await server.get('/users/me', { headers: { 'x-api-key': text } });
      expect([status, body.code]).toEqual([401, 'invalid_credentials']);
    }
    for (const text of wrong.filter((text) => text.startsWith('lk_key_'))) {
      const { status, body, headers } = await server.get('/users/me', { bearer: text });
      expect([status, body.code]).toEqual([401, 'invalid_credentials']);
      expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  it('opens no session, because that would count as a recent sign-in', async () => {
    const owner = await server.person();
    const { key } = await makeKey(server, owner);
    const answers = [
      await server.post('/auth/login', { email: owner.email, password: key }),
      await server.send('POST', '/auth/login', { basic: [owner.email, key] }),
    ];
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([401, 'invalid_credentials']);
      expect(body.detail).toContain('API key');
    }
    expect((await server.send('POST', '/auth/login', by({ key }))).status).toBe(400);
  });

  it('[7.5.1] [8.4.2] never stands for a person who is there', async () => {
    const owner = await server.administrator();
    const me = { permissions: (await server.get('/users/me', as(owner))).body.permissions };
    const key = await makeKey(server, owner, me);
    const other = await makeKey(server, owner);
    const session = (await server.get('/auth/sessions', as(owner))).body.items[0].id;
    const currentPassword = PASSWORD;
    const refused: [string, string, object?][] = [
      ['POST', '/auth/api-keys', { name: 'x' }],
      ['DELETE', `/auth/api-keys/${other.id}`],
      ['DELETE', `/auth/sessions/${session}`],
      ['DELETE', '/auth/sessions'],
      ['POST', '/auth/password/change', { currentPassword, newPassword: 'wholly different words' }],
      ['POST', '/auth/email/change', { newEmail: 'thief@example.org', currentPassword }],
      ['GET', '/users/me/export'],
      ['DELETE', '/users/me', { currentPassword }],
      ['POST', `/users/${owner.id}/api-keys`, { name: 'x' }],
    ];
    for (const [method, path, json] of refused) {
      for (const [, options] of ways(key, owner)) {
        const { status, body } = await server.send(method, path, {
          ...options,
          ...(json ? { json } : {}),
        });
        expect([path, status, body.code]).toEqual([path, 403, 'recent_login_required']);
        expect(body.detail).toContain('API key');
      }
    }
    expect(await status('/users/me', as(owner))).toBe(200);
    expect((await server.post('/auth/logout', {}, by(key))).status).toBe(204);
    expect(await status('/users/me', as(owner))).toBe(200);
    expect(await status('/users/me', by(key))).toBe(200);
  });

  it('[7.5.1] changes nothing of its owner’s account by any route but these', async () => {
    const owner = await server.administrator();
    const { permissions } = (await server.get('/users/me', as(owner))).body;
    const key = await makeKey(server, owner, { permissions });
    const document = readFileSync(new URL('../docs/openapi.json', import.meta.url), 'utf8');
    const { paths } = JSON.parse(document);
    const open: string[] = [];
    for (const [path, item] of Object.entries<Record<string, any>>(paths)) {
      for (const [method, { security, description }] of Object.entries(item)) {
        const closed = security?.length > 0 && !security.some(isEmpty);
        if (method === 'get' || !closed || /Needs the permission/.test(description)) continue;
        if (!security.some((way: object) => 'ApiKey' in way)) continue;
        const url = path.replaceAll(/\{\w+\}/g, uuidv7(new Date()));
        const options = { ...by(key), ...(method === 'delete' ? {} : { json: {} }) };
        const { body } = await server.send(method.toUpperCase(), url, options);
        if (body?.code !== 'recent_login_required') open.push(`${method} ${path}`);
      }
    }
    expect(open.sort()).toEqual(['patch /users/me']);
    expect(await status('/users/me', as(owner))).toBe(200);
  });

  it('ends itself when it is told to', async () => {
    const key = await makeKey(server, await server.person());
    expect((await server.delete(`/auth/api-keys/${key.id}`, by(key))).status).toBe(204);
    expect(await status('/users/me', by(key))).toBe(401);
  });

  it('remembers when and from where it was last used, and writes it once a minute', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner);
    const before = server.clock.now().toISOString();
    await status('/users/me', by(key));
    const stored = () => rows(server.dataDir, 'SELECT * FROM "ApiKey" WHERE "id" = ?', key.id)[0];
    expect(stored()).toMatchObject({ lastUsedAt: null });
    const shown = async () => (await server.get('/auth/api-keys', as(owner))).body.items[0];
    const { lastUsedAt, lastUsedIp } = await shown();
    expect(lastUsedAt >= before).toBe(true);
    expect(lastUsedIp).toBe('127.0.0.1');
    await server.app.get(ApiKeyUses).flush();
    expect(new Date(stored().lastUsedAt).toISOString()).toBe(lastUsedAt);
    expect(await shown()).toMatchObject({ lastUsedAt, lastUsedIp });
  });

  it('is another’s business to nobody', async () => {
    const { id } = await makeKey(server, await server.person());
    const other = await server.person();
    for (const path of [id, uuidv7(new Date()), 'x', '%2e%2e']) {
      const { status, body } = await server.delete(`/auth/api-keys/${path}`, as(other));
      expect([status, body.code]).toEqual([404, 'not_found']);
    }
  });
});

describe('[8.3.2] (F55) in force at the next request, by each way', () => {
  it('[6.5.6] that the key was ended', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner);
    expect(await everyWay(key, owner)).toEqual([200]);
    expect((await server.delete(`/auth/api-keys/${key.id}`, as(owner))).status).toBe(204);
    expect(await everyWay(key, owner)).toEqual(['invalid_credentials']);
    expect((await server.get('/auth/api-keys', as(owner))).body.items).toEqual([]);
    const again = await server.delete(`/auth/api-keys/${key.id}`, as(owner));
    expect(again.status).toBe(404);
  });

  it('that it has expired', async () => {
    const owner = await server.person();
    const at = new Date(server.clock.now().getTime() + HOUR).toISOString();
    const key = await makeKey(server, owner, { expiresAt: at });
    expect(await everyWay(key, owner)).toEqual([200]);
    server.clock.advance(HOUR);
    expect(await everyWay(key, owner)).toEqual(['invalid_credentials']);
    admin = await server.signIn(admin.email);
  });

  it('[7.4.2] that the owner was disabled, enabled again, and deleted', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner);
    expect(await everyWay(key, owner)).toEqual([200]);
    await server.patch(`/users/${owner.id}`, { status: 'disabled' }, as(admin));
    expect(await everyWay(key, owner)).toEqual(['account_disabled']);
    await server.patch(`/users/${owner.id}`, { status: 'active' }, as(admin));
    expect(await everyWay(key, owner)).toEqual([200]);
    await server.delete(`/users/${owner.id}`, as(admin));
    expect(await everyWay(key, owner)).toEqual(['invalid_credentials']);
    expect(rows(server.dataDir, 'SELECT 1 FROM "ApiKey" WHERE "id" = ?', key.id)).toEqual([]);
  });

  it('[8.3.3] that a role was taken from the owner, given again, or changed', async () => {
    const owner = await server.person();
    const role = await makeRole(server, admin, ['users:read']);
    await giveRoles(server, admin, owner, [role]);
    const key = await makeKey(server, owner, { permissions: ['users:read'] });
    expect(await everyWay(key, owner, '/users')).toEqual([200]);
    await giveRoles(server, admin, owner, ['user']);
    expect(await everyWay(key, owner, '/users')).toEqual(['permission_required']);
    expect(await everyWay(key, owner)).toEqual([200]);
    await giveRoles(server, admin, owner, [role]);
    expect(await everyWay(key, owner, '/users')).toEqual([200]);
    await server.patch(`/roles/${role}`, { permissions: ['roles:read'] }, as(admin));
    expect(await everyWay(key, owner, '/users')).toEqual(['permission_required']);
    expect(await everyWay(key, owner, '/roles')).toEqual(['permission_required']);
  });

  it('that the owner has another address', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner);
    expect(await everyWay(key, owner)).toEqual([200]);
    const to = `moved-${owner.email}`;
    const change = { newEmail: to, currentPassword: PASSWORD };
    await server.post('/auth/email/change', change, as(owner));
    const { token } = await server.newestMail(to);
    expect((await server.post('/auth/email/confirm', { token })).status).toBe(200);
    expect(await status('/users/me', { basic: [owner.email, key.key] })).toBe(401);
    expect(await status('/users/me', { basic: [to, key.key] })).toBe(200);
    expect(await status('/users/me', { bearer: key.key })).toBe(200);
  });

  it('what another process has done', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner);
    expect(await everyWay(key, owner)).toEqual([200]);
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    db.prepare('UPDATE "ApiKey" SET "endedAt" = "createdAt" WHERE "id" = ?').run(key.id);
    db.close();
    // Heard of within a second, without any request.
    await expect.poll(() => everyWay(key, owner)).toEqual(['invalid_credentials']);
  });

  it('after a restart, too; and what stands goes on standing', async () => {
    const owner = await server.person();
    const [ended, standing] = [await makeKey(server, owner), await makeKey(server, owner)];
    await everyWay(standing, owner);
    await server.delete(`/auth/api-keys/${ended.id}`, as(owner));
    server = await server.restart();
    expect(await everyWay(ended, owner)).toEqual(['invalid_credentials']);
    const { items } = (await server.get('/auth/api-keys', as(owner))).body;
    expect(items).toEqual([
      expect.objectContaining({ id: standing.id, lastUsedAt: expect.any(String) }),
    ]);
    expect(await everyWay(standing, owner)).toEqual([200]);
  });
});

describe('a key with networks', () => {
  beforeAll(async () => {
    server = await server.restart({ TRUST_PROXY: '127.0.0.1' });
  });

  it('is taken from there alone', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner, { networks: ['192.0.2.0/24', '2001:db8::/48'] });
    const from = (ip: string) => by(key, { 'x-forwarded-for': ip });
    const inside = [
      '192.0.2.1',
      '192.0.2.255',
      '::ffff:192.0.2.7',
      '2001:db8::7',
      '192.0.2.9:4711',
    ];
    const outside = ['192.0.3.1', '2001:db8:1::7', '::1', '127.0.0.1', 'unknown', '10.0.0.1'];
    for (let time = 0; time < 2; time++) {
      for (const ip of inside) expect([ip, await status('/users/me', from(ip))]).toEqual([ip, 200]);
      for (const ip of outside) {
        const { status, body } = await server.get('/users/me', from(ip));
        expect([ip, status, body.code]).toEqual([ip, 403, 'network_not_allowed']);
      }
    }
    const [shown] = (await server.get('/auth/api-keys', as(owner))).body.items;
    expect(shown.lastUsedIp).toBe('192.0.2.9');
  });

  it('says nothing of them to whoever has no right key', async () => {
    const owner = await server.person();
    const { id } = await makeKey(server, owner, { networks: ['192.0.2.0/24'] });
    const { status, body } = await server.get('/users/me', by({ key: newApiKey(id) }));
    expect([status, body.code]).toEqual([401, 'invalid_credentials']);
  });
});

describe('limits', () => {
  beforeAll(async () => {
    server = await server.restart({ RATE_LIMITS: 'on', LIMIT_API_KEY: '5/1m' });
  });

  it('has a budget of its own for each key, beside the network’s', async () => {
    const owner = await server.person();
    const [one, other] = [await makeKey(server, owner), await makeKey(server, owner)];
    const first = await server.get('/users/me', by(one));
    expect(first.headers.get('ratelimit-policy')).toBe('"general";q=6000;w=60, "api-key";q=5;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"general";r=\d+;t=\d+, "api-key";r=4;t=60$/);
    const later = [];
    for (const [, options] of [...ways(one, owner), ...ways(one, owner)]) {
      later.push(await server.get('/users/me', options));
    }
    expect(later.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 429]);
    const { body, headers } = later.at(-1)!;
    expect(body.code).toBe('rate_limited');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('ratelimit-policy')).toBe('"api-key";q=5;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"api-key";r=0;t=\d+$/);

    expect(await status('/users/me', by(other))).toBe(200);
    expect(await status('/users/me', as(owner))).toBe(200);
    const plain = await server.get('/users/me', as(owner));
    expect(plain.headers.get('ratelimit-policy')).toBe('"general";q=6000;w=60');
    server.clock.advance(MINUTE);
    expect(await status('/users/me', by(one))).toBe(200);
  });

  it('[6.3.1] counts wrong keys against their network, and takes a right one all the same', async () => {
    const owner = await server.person();
    const [key, ended] = [await makeKey(server, owner), await makeKey(server, owner)];
    await server.delete(`/auth/api-keys/${ended.id}`, as(owner));
    const from = (ip: string) => ({ 'x-forwarded-for': ip });
    const guess = (nr: number, ip: string) =>
      server.get('/users/me', by({ key: nr % 2 ? newApiKey(key.id) : 'lk_key_x' }, from(ip)));
    const answers = await atOnce(130, (nr) => guess(nr, '198.51.100.1'));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 100, 429: 30 });
    expect((await guess(1, '198.51.100.2')).status).toBe(401);
    expect(await status('/users/me', by(key, from('198.51.100.1')))).toBe(200);
    // The same budget as that of wrong passwords.
    const login = await server.post(
      '/auth/login',
      { email: owner.email, password: PASSWORD },
      { headers: from('198.51.100.1') },
    );
    expect(login.status).toBe(429);
  });

  it('does not take a script whose key has ended for somebody who guesses', async () => {
    const owner = await server.person();
    const ended = await makeKey(server, owner);
    await server.delete(`/auth/api-keys/${ended.id}`, as(owner));
    const headers = { 'x-forwarded-for': '198.51.100.3' };
    const answers = await atOnce(120, () => server.get('/users/me', by(ended, headers)));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 120 });
    const json = { email: owner.email, password: PASSWORD };
    expect((await server.post('/auth/login', json, { headers })).status).toBe(200);
  });
});
