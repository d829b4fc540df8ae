import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { by, makeKey, makeKeyFor, makeService } from './support/api-keys.js';
import type { RequestOptions } from './support/client.js';
import { DAY, MINUTE, SECOND } from './support/clock.js';
import { EventStream } from './support/event-stream.js';
import { as, giveRoles, makeRole, personWith, pointers } from './support/people.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const TOKEN = 'metrics-token-0123456789';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await TestServer.start({ METRICS_TOKEN: TOKEN });
  server.clock.stop();
  admin = await server.administrator();
});
afterAll(() => server.stop());

async function status(path: string, options: RequestOptions): Promise<number> {
  return (await server.get(path, options)).status;
}

/** What the audit trail says of keys of this account, oldest first. */
function recorded(userId: string): object[] {
  return rows(
    server.dataDir,
    `SELECT "type", "actor", "scheme", "detail" FROM "AuditEvent"
     WHERE "subject" = ? AND "type" LIKE 'api_key.%' ORDER BY "seq"`,
    userId,
  ).map(({ detail, ...line }) => ({ ...line, ...JSON.parse(detail).after }));
}

describe('an administrator', () => {
  it('sees an account’s keys, without their secrets, and ends them at once', async () => {
    const owner = await server.person();
    const { id, key } = await makeKey(server, owner, { networks: ['127.0.0.1'] });
    expect(await status('/users/me', { bearer: key })).toBe(200);
    const list = await server.get(`/users/${owner.id}/api-keys?count=true`, as(admin));
    expect(list.body.items).toEqual([
      expect.objectContaining({ id, name: 'script', lastUsedIp: '127.0.0.1' }),
    ]);
    expect(list.text).not.toContain(key.slice(39));

    const path = `/users/${owner.id}/api-keys/${id}`;
    expect((await server.delete(path, as(admin))).status).toBe(204);
    expect(await status('/users/me', { bearer: key })).toBe(401);
    expect((await server.delete(path, as(admin))).status).toBe(404);
  });

  it('[8.2.2] finds a key at its own account alone', async () => {
    const [owner, other] = [await server.person(), await server.person()];
    const { id, key } = await makeKey(server, owner);
    for (const path of [`/users/${other.id}/api-keys/${id}`, `/users/${id}/api-keys/${id}`]) {
      expect((await server.delete(path, as(admin))).status).toBe(404);
    }
    expect(await status(`/users/${id}/api-keys`, as(admin))).toBe(404);
    expect(await status('/users/me', { bearer: key })).toBe(200);
  });

  it('needs users:write, and all that the account may do', async () => {
    const reader = await personWith(server, admin, ['users:read']);
    const writer = await personWith(server, admin, ['users:write']);
    const { id, key } = await makeKey(server, admin);
    const path = `/users/${admin.id}/api-keys`;
    expect(await status(path, as(reader))).toBe(403);
    expect((await server.delete(`${path}/${id}`, as(reader))).status).toBe(403);
    expect(await status(path, as(writer))).toBe(200);
    const refused = await server.delete(`${path}/${id}`, as(writer));
    expect([refused.status, refused.body.code]).toEqual([403, 'permission_required']);
    expect(await status('/users/me', { bearer: key })).toBe(200);
  });

  it('makes no key that speaks for a person', async () => {
    const person = await server.person();
    const answer = await server.post(`/users/${person.id}/api-keys`, { name: 'x' }, as(admin));
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
  });
});

describe('a service account', () => {
  it('is made with a name and roles, is told apart, and gets no mail', async () => {
    const role = await makeRole(server, admin, ['users:read']);
    const mails = count(server.dataDir, 'OutboxMail');
    const service = await makeService(server, admin, [role]);
    expect(service).toMatchObject({
      name: 'Robot',
      service: true,
      roles: [role],
      permissions: ['users:read'],
      status: 'active',
      email: `${service.id}@service.invalid`,
    });
    expect((await server.get(`/users/${service.id}`, as(admin))).body).toEqual(service);
    const me = await server.get('/users/me', as(admin));
    expect(me.body).not.toHaveProperty('service');
    await makeKeyFor(server, admin, service.id);
    expect(count(server.dataDir, 'OutboxMail')).toBe(mails);
  });

  it.each([
    [{ service: true }, ['/name']],
    [{ service: true, name: 'x', email: 'x@example.org' }, ['/email']],
    [{ service: true, name: 'x', email: 'no address' }, ['/email']],
    [{ service: false, name: 'x' }, ['/email', '/service']],
    [{ service: 'true', name: 'x' }, ['/email', '/service']],
    [{ name: 'x' }, ['/email']],
    [{ service: true, name: 'x', password: PASSWORD }, ['/password']],
    [{ service: true, name: 'x', roles: ['nobody'] }, ['/roles/0']],
  ])('is not made of %j', async (json, expected) => {
    const answer = await server.post('/users', json, as(admin));
    expect([answer.status, pointers(answer).sort()]).toEqual([400, expected]);
  });

  it('comes in by the keys that administrators make for it, with its own rights', async () => {
    const role = await makeRole(server, admin, ['users:read']);
    const service = await makeService(server, admin, [role]);
    const key = await makeKeyFor(server, admin, service.id, { permissions: ['users:read'] });
    for (const options of [
      by(key),
      { bearer: key.key },
      { basic: [service.email, key.key] as [string, string] },
    ]) {
      for (let time = 0; time < 2; time++) expect(await status('/users', options)).toBe(200);
      expect(await status('/roles', options)).toBe(403);
    }
    expect((await server.get('/users/me', by(key))).body.id).toBe(service.id);

    await server.put(`/users/${service.id}/roles`, { roles: ['user'] }, as(admin));
    expect(await status('/users', by(key))).toBe(403);
    await server.patch(`/users/${service.id}`, { status: 'disabled' }, as(admin));
    expect(await status('/users/me', by(key))).toBe(403);
    await server.delete(`/users/${service.id}`, as(admin));
    expect(await status('/users/me', by(key))).toBe(401);
  });

  it('gets no key beyond itself, or beyond who makes it', async () => {
    const strong = await makeRole(server, admin, ['users:read', 'users:write', 'audit:read']);
    const service = await makeService(server, admin, [strong]);
    const path = `/users/${service.id}/api-keys`;
    const beyond = await server.post(path, { name: 'x', permissions: ['roles:write'] }, as(admin));
    expect([beyond.status, beyond.body.code]).toEqual([403, 'permission_required']);

    const writer = await personWith(server, admin, ['users:write']);
    for (const permissions of [[], ['users:write'], ['audit:read']]) {
      const answer = await server.post(path, { name: 'x', permissions }, as(writer));
      expect([answer.status, answer.body.code]).toEqual([403, 'permission_required']);
    }
    expect(
      (await server.post('/users', { name: 'x', service: true, roles: ['admin'] }, as(writer)))
        .status,
    ).toBe(403);
  });

  it('gets its keys from somebody who has signed in recently, and from no key', async () => {
    const service = await makeService(server, admin);
    const whole = (await server.get('/users/me', as(admin))).body.permissions;
    const key = await makeKey(server, admin, { permissions: whole });
    const path = `/users/${service.id}/api-keys`;
    const byKey = await server.post(path, { name: 'x' }, by(key));
    expect([byKey.status, byKey.body.code]).toEqual([403, 'recent_login_required']);
    server.clock.advance(6 * MINUTE);
    const late = await server.post(path, { name: 'x' }, as(admin));
    expect([late.status, late.body.code]).toEqual([403, 'recent_login_required']);
    admin = await server.signIn(admin.email);
    expect((await server.post(path, { name: 'x' }, as(admin))).status).toBe(201);
  });

  it('[6.3.4] has no other way in, and looks like nobody to every flow that begins with an address', async () => {
    const service = await makeService(server, admin);
    const unknown = 'nobody@service.invalid';
    await server.mailSettled();
    const mails = count(server.dataDir, 'OutboxMail', `"state" = 'sent'`);
    const tries = (email: string) => [
      server.post('/auth/login', { email, password: PASSWORD }),
      server.post('/auth/password/forgot', { email }),
      server.post('/auth/verify-email/resend', { email }),
      server.post('/auth/verify-email', { email, code: '123456' }),
    ];
    const [own, others] = [
      await Promise.all(tries(service.email)),
      await Promise.all(tries(unknown)),
    ];
    expect(own.map(({ status, body }) => [status, body.code ?? body.message])).toEqual(
      others.map(({ status, body }) => [status, body.code ?? body.message]),
    );
    await server.mailSettled();
    expect(count(server.dataDir, 'OutboxMail', `"state" = 'sent'`)).toBe(mails);
    for (const step of ['invitation', 'password-reset']) {
      const answer = await server.post(`/users/${service.id}/${step}`, undefined, as(admin));
      expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    }
  });

  it('is no administrator whom a server could be left to', async () => {
    const service = await makeService(server, admin, ['admin']);
    const others = rows<{ id: string }>(
      server.dataDir,
      `SELECT "userId" AS "id" FROM "UserRole" JOIN "Role" ON "Role"."id" = "roleId"
       WHERE "Role"."name" = 'admin'`,
    ).filter(({ id }) => id !== admin.id && id !== service.id);
    expect(others).toEqual([]);
    const last = await server.put(`/users/${admin.id}/roles`, { roles: ['user'] }, as(admin));
    expect([last.status, last.body.code]).toEqual([409, 'last_administrator']);
    await server.delete(`/users/${service.id}`, as(admin));
  });
});

describe('the audit trail', () => {
  it('[16.3.3] tells of keys made and ended, and of what was done by one', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner, { networks: ['::1', '127.0.0.1'] });
    await server.patch(
      '/users/me',
      { name: 'By key' },
      { bearer: (await makeKey(server, owner)).key },
    );
    await server.delete(`/users/${owner.id}/api-keys/${key.id}`, as(admin));
    expect(recorded(owner.id)).toEqual([
      {
        type: 'api_key.created',
        actor: owner.id,
        scheme: 'Bearer',
        key: key.id,
        permissions: [],
        networks: ['::1/128', '127.0.0.1/32'],
        expiresAt: null,
      },
      expect.objectContaining({ type: 'api_key.created' }),
      {
        type: 'api_key.ended',
        actor: admin.id,
        scheme: 'Bearer',
        key: key.id,
        reason: 'ended_by_administrator',
      },
    ]);
    const [update] = rows(
      server.dataDir,
      `SELECT "scheme" FROM "AuditEvent" WHERE "subject" = ? AND "type" = 'user.updated'`,
      owner.id,
    );
    expect(update).toEqual({ scheme: 'ApiKey' });
  });

  it('is followed live by a key only for as long as that stands', async () => {
    const key = await makeKey(server, admin, { permissions: ['audit:read'] });
    const stream = await EventStream.open(`${server.url}/audit-events/stream`, {
      'x-api-key': key.key,
    });
    expect(stream.status).toBe(200);
    await server.delete(`/auth/api-keys/${key.id}`, as(admin));
    await stream.end();
    expect(stream.closed).toBeDefined();
  });
});

describe('the owner', () => {
  it('[6.3.7] is told of a new key in their own language, with a way to take it back', async () => {
    const owner = await server.person();
    await server.patch('/users/me', { locale: 'de' }, as(owner));
    const key = await makeKey(server, owner, { name: 'http://evil.example/<b>' });
    const [mail] = await server.mailbox(owner.email);
    expect(mail!.subject).toBe('Für Ihr Konto wurde ein API-Schlüssel erstellt');
    expect(mail!.text).not.toContain('http://evil');
    expect(mail!.html).not.toContain('<b>');
    expect(mail!.text + mail!.html).not.toContain(key.key.slice(39));

    expect((await server.post('/auth/not-me', { token: mail!.token })).status).toBe(204);
    expect(await status('/users/me', by(key))).toBe(401);
    expect(recorded(owner.id).at(-1)).toEqual({
      type: 'api_key.ended',
      actor: null,
      scheme: null,
      keys: 1,
      reason: 'not_me',
    });
  });

  it('hears at a change of password how many keys go on working', async () => {
    const owner = await server.person();
    const keys = [await makeKey(server, owner), await makeKey(server, owner)];
    const change = async (currentPassword: string, newPassword: string) =>
      server.post('/auth/password/change', { currentPassword, newPassword }, as(owner));
    expect((await change(PASSWORD, 'wholly different words')).status).toBe(204);
    expect((await server.newestMail(owner.email)).text).toContain('2 API keys of yours go on');
    for (const key of keys) expect(await status('/users/me', by(key))).toBe(200);

    await server.post('/auth/password/forgot', { email: owner.email });
    const { token } = await server.newestMail(owner.email);
    await server.delete(`/auth/api-keys/${keys[0]!.id}`, by(keys[0]!));
    await server.post('/auth/password/reset', { token, password: PASSWORD });
    expect((await server.newestMail(owner.email)).text).toContain('One API key of yours goes on');
    await server.delete(`/auth/api-keys/${keys[1]!.id}`, by(keys[1]!));
    await change(PASSWORD, 'wholly different words');
    expect(await status('/users/me', by(keys[1]!))).toBe(401);
  });

  it('finds the keys in what is held about them, without what they are checked by', async () => {
    const owner = await server.person();
    const [ended, key] = [await makeKey(server, owner), await makeKey(server, owner)];
    await server.delete(`/auth/api-keys/${ended.id}`, as(owner));
    const { body, text } = await server.get('/users/me/export', as(owner));
    expect(body.apiKeys).toEqual([
      expect.objectContaining({ id: ended.id, endReason: 'ended_by_user' }),
      expect.objectContaining({ id: key.id, endedAt: null, permissions: [], networks: [] }),
    ]);
    expect(text).not.toMatch(/lk_key_|[hH]ash"/);
  });
});

describe('whoever watches', () => {
  it('reviews keys with their last use, and is pointed at those nobody uses', async () => {
    const owner = await server.person();
    const key = await makeKey(server, owner, { name: 'weekly' });
    const item = async () => {
      admin = await server.signIn(admin.email);
      const { body } = await server.get('/access-review?limit=200', as(admin));
      return body.items.find(({ user }: { user: Person }) => user.id === owner.id);
    };
    expect((await item()).apiKeys).toEqual([
      {
        id: key.id,
        name: 'weekly',
        permissions: [],
        createdAt: expect.any(String),
        expiresAt: null,
        lastUsedAt: null,
      },
    ]);
    server.clock.advance(60 * DAY);
    await status('/users/me', by(key));
    server.clock.advance(89 * DAY);
    expect((await item()).flags).toEqual([]);
    server.clock.advance(DAY + SECOND);
    expect((await item()).flags).toEqual(['unused_key']);
    const csv = await server.get('/access-review?format=csv', as(admin));
    const line = csv.text.split('\r\n').find((text) => text.includes(owner.id))!;
    expect(line).toMatch(new RegExp(`"1","${key.id}=\\d{4}-[^"]+Z"`));
    await server.delete(`/users/${owner.id}/api-keys/${key.id}`, as(admin));
    expect((await item()).flags).toEqual([]);
  });

  it('is told of a key that is used on and on after its end', async () => {
    server = await server.restart({ RATE_LIMITS: 'on' });
    admin = await server.signIn(admin.email);
    const owner = await server.person();
    const key = await makeKey(server, owner);
    await server.delete(`/auth/api-keys/${key.id}`, as(owner));
    for (let time = 0; time < 10; time++) await status('/users/me', by(key));
    const found = () =>
      rows(
        server.dataDir,
        `SELECT "detail" FROM "AuditEvent" WHERE "type" = 'suspicious.detected' AND "subject" = ?`,
        owner.id,
      ).map(({ detail }) => JSON.parse(detail).after.rule);
    await expect.poll(found).toContain('ended_api_key_used');
    const { text } = await server.get('/metrics', { bearer: TOKEN });
    expect(text).toMatch(/latchkey_security_events_total\{event="ended-api-key.used"\} 10\n/);
    expect(text).toMatch(/latchkey_api_keys \d+\n/);
  });

  it('finds the clean-up taking away what ended long ago', async () => {
    const owner = await server.person();
    await giveRoles(server, admin, owner, ['user']);
    const [ended, standing] = [await makeKey(server, owner), await makeKey(server, owner)];
    await server.delete(`/auth/api-keys/${ended.id}`, as(owner));
    const { CleanUp } = await import('../src/maintenance/clean-up.js');
    const left = () =>
      rows(server.dataDir, 'SELECT "id" FROM "ApiKey" WHERE "userId" = ?', owner.id).length;
    server.clock.advance(89 * DAY);
    await server.app.get(CleanUp).runIfDue();
    expect(left()).toBe(2);
    server.clock.advance(DAY + SECOND);
    expect((await server.app.get(CleanUp).runIfDue())?.apiKeys).toBeGreaterThan(0);
    expect(left()).toBe(1);
    expect(await status('/users/me', by(standing))).toBe(200);
  });
});
