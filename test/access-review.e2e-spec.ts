import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Audit } from '../src/audit/audit.js';
import { PermissionUses } from '../src/users/permission-uses.js';
import { DAY, MINUTE } from './support/clock.js';
import { as, giveRoles, makeRole, personWith, pointers } from './support/people.js';
import { count, digest, rows } from './support/rows.js';
import { type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;

/** By password, which is good for as long as a test likes to move the clock. */
function basic(person: Person) {
  return { basic: [person.email, person.password] as [string, string] };
}

function review(query = '', by = admin) {
  return server.get(`/access-review${query}`, basic(by));
}

/** What the review says about this person. */
async function itemOf(person: { id: string }): Promise<any> {
  const { body } = await review('?limit=200');
  return body.items.find(({ user }: any) => user.id === person.id);
}

function record(wanted: object, by = admin) {
  return server.post('/access-review', wanted, basic(by));
}

async function usesOf(person: Person): Promise<Record<string, string | null>> {
  const { sensitivePermissions } = await itemOf(person);
  return Object.fromEntries(
    sensitivePermissions.map(({ name, lastUsedAt }: any) => [name, lastUsedAt]),
  );
}

function flush(): Promise<void> {
  return server.app.get(PermissionUses).flush();
}

describe('the access review', () => {
  let support: Person;
  let ada: Person;

  beforeAll(async () => {
    server = await TestServer.start();
    admin = await server.administrator();
    support = await personWith(server, admin, ['users:read', 'roles:read']);
    ada = await server.person();
  });
  afterAll(() => server.stop());

  it('is for those with audit:read, and recorded by those with audit:review', async () => {
    for (const [method, permission] of [
      ['GET', 'audit:read'],
      ['POST', 'audit:review'],
    ] as const) {
      const options = { json: method === 'POST' ? { decision: 'confirmed' } : undefined };
      const stranger = await server.send(method, '/access-review', options);
      expect([stranger.status, stranger.body.code]).toEqual([401, 'token_missing']);
      const other = await server.send(method, '/access-review', { ...options, ...as(support) });
      expect([other.status, other.body.code]).toEqual([403, 'permission_required']);
      expect(other.body.detail).toContain(permission);
    }
  });

  it('shows each person with roles and who gave them, permissions and the last sign-in', async () => {
    const item = await itemOf(support);
    const [role] = item.roles;
    expect(item).toEqual({
      user: (await server.get(`/users/${support.id}`, basic(admin))).body,
      roles: [
        {
          name: expect.stringMatching(/^role-/),
          grantedBy: admin.id,
          grantedAt: expect.any(String),
        },
      ],
      permissions: ['roles:read', 'users:read'],
      sensitivePermissions: [{ name: 'users:read', lastUsedAt: null }],
      lastLoginAt: expect.any(String),
      secondFactor: false,
      apiKeys: [],
      lastReviewAt: null,
      flags: ['never_reviewed'],
    });
    expect(new Date(role.grantedAt).toISOString()).toBe(role.grantedAt);
    const made = (await itemOf(admin)).roles.find(({ name }: any) => name === 'admin');
    expect(made.grantedBy).toBeNull();
    expect(await itemOf(ada)).toMatchObject({ permissions: [], flags: [] });
  });

  it('is a list like all lists: pages, a cursor, the number of all', async () => {
    const whole = (await review()).body;
    const seen: string[] = [];
    let path: string | null = '?limit=1&count=true';
    while (path !== null) {
      const answer = await review(path);
      expect(answer.status).toBe(200);
      expect(answer.body.total).toBe(whole.items.length);
      seen.push(...answer.body.items.map(({ user }: any) => user.id));
      const { nextCursor } = answer.body;
      path = nextCursor === null ? null : `?limit=1&count=true&cursor=${nextCursor}`;
      const link = answer.headers.get('link');
      expect(link === null).toBe(nextCursor === null);
    }
    expect(seen).toEqual(whole.items.map(({ user }: any) => user.id));
    expect(new Set(seen).size).toBe(seen.length);

    const users = await server.get('/users?limit=1', basic(admin));
    expect((await review(`?cursor=${users.body.nextCursor}`)).status).toBe(400);
    expect((await review('?format=xml')).status).toBe(400);
    expect((await review('?limit=0')).status).toBe(400);
  });

  it('knows when a permission was last used, before it is written and after', async () => {
    expect(await usesOf(support)).toEqual({ 'users:read': null });
    const before = server.clock.now().toISOString();
    await server.get('/users', basic(support));
    const { 'users:read': used } = await usesOf(support);
    expect(used! >= before).toBe(true);
    expect(count(server.dataDir, 'PermissionUse', '"userId" = ?', support.id)).toBe(0);

    await flush();
    expect(count(server.dataDir, 'PermissionUse', '"userId" = ?', support.id)).toBe(1);
    expect(await usesOf(support)).toEqual({ 'users:read': used });
  });

  it('counts no use that was refused, none of a harmless permission, and no route that asks for none', async () => {
    await server.get('/users/me', basic(ada));
    await server.get('/users', basic(ada));
    await server.get('/roles', basic(support));
    await server.post('/users', { email: 'x@example.org' }, basic(support));
    await flush();
    expect(count(server.dataDir, 'PermissionUse', '"userId" = ?', ada.id)).toBe(0);
    expect(
      rows(
        server.dataDir,
        'SELECT "permission" FROM "PermissionUse" WHERE "userId" = ?',
        support.id,
      ),
    ).toEqual([{ permission: 'users:read' }]);
  });

  it('writes nothing when nothing was used', async () => {
    await flush();
    const before = digest(server.dataDir);
    await server.get('/users/me', basic(admin));
    await flush();
    expect(digest(server.dataDir)).toBe(before);
  });

  it('keeps the latest use of several processes', async () => {
    const later = new Date(server.clock.now().getTime() + DAY);
    const text = later.toISOString().replace('Z', '+00:00');
    const other = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    other
      .prepare('UPDATE "PermissionUse" SET "lastUsedAt" = ? WHERE "userId" = ?')
      .run(text, support.id);
    other.close();
    await server.get('/users', basic(support));
    await flush();
    expect(await usesOf(support)).toEqual({ 'users:read': later.toISOString() });
  });

  it('keeps what could not be written, and writes it with the next', async () => {
    const person = await personWith(server, admin, ['users:read']);
    await server.get('/users', basic(person));
    const other = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    other.exec('ALTER TABLE "PermissionUse" RENAME TO "Elsewhere"');
    await flush();
    other.exec('ALTER TABLE "Elsewhere" RENAME TO "PermissionUse"');
    other.close();
    expect(count(server.dataDir, 'PermissionUse', '"userId" = ?', person.id)).toBe(0);
    await flush();
    expect(count(server.dataDir, 'PermissionUse', '"userId" = ?', person.id)).toBe(1);
  });

  it('keeps nothing of someone who is no more, and still writes the others', async () => {
    const [gone, there] = [
      await personWith(server, admin, ['users:read']),
      await personWith(server, admin, ['users:read']),
    ];
    await server.get('/users', basic(gone));
    await server.get('/users', basic(there));
    await server.delete(`/users/${gone.id}`, basic(admin));
    await flush();
    expect(count(server.dataDir, 'PermissionUse', '"userId" = ?', gone.id)).toBe(0);
    expect(count(server.dataDir, 'PermissionUse', '"userId" = ?', there.id)).toBe(1);
  });

  it('still knows uses after the server was stopped and started', async () => {
    const person = await personWith(server, admin, ['users:read']);
    await server.get('/users', basic(person));
    const used = await usesOf(person);
    expect(used['users:read']).not.toBeNull();
    server = await server.restart();
    expect(await usesOf(person)).toEqual(used);
  });

  it('refuses a decision there is none of, a note of two lines, and a user there is none of', async () => {
    for (const [wanted, pointer] of [
      [{}, '/decision'],
      [{ decision: 'fine' }, '/decision'],
      [{ decision: 'confirmed', note: 'a\nb' }, '/note'],
      [{ decision: 'confirmed', note: 'x'.repeat(501) }, '/note'],
      [{ decision: 'confirmed', userId: 7 }, '/userId'],
      [{ decision: 'confirmed', userId: 'me' }, '/userId'],
      [{ decision: 'confirmed', userId: '019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11' }, '/userId'],
      [{ decision: 'confirmed', reviewer: ada.id }, '/reviewer'],
    ] as const) {
      const answer = await record(wanted);
      expect([wanted, answer.status, pointers(answer)]).toEqual([wanted, 400, [pointer]]);
    }
    expect(count(server.dataDir, 'AccessReview')).toBe(0);
  });

  it('records a review of one person, by whom and with what result, and in the audit trail', async () => {
    const answer = await record({
      decision: 'changes_needed',
      note: ' Left the team. ',
      userId: support.id,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/access-review');
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      at: expect.any(String),
      reviewer: admin.id,
      userId: support.id,
      decision: 'changes_needed',
      note: 'Left the team.',
    });
    expect(await itemOf(support)).toMatchObject({ lastReviewAt: answer.body.at, flags: [] });
    expect((await itemOf(admin)).lastReviewAt).toBeNull();
    expect((await review()).body.lastReviewAt).toBeNull();

    const [event] = rows(server.dataDir, `SELECT * FROM "AuditEvent" ORDER BY "seq" DESC LIMIT 1`);
    expect(event).toMatchObject({
      type: 'access.reviewed',
      actor: admin.id,
      subject: support.id,
      scheme: 'Basic',
    });
    expect(JSON.parse(event.detail)).toEqual({
      after: { review: answer.body.id, decision: 'changes_needed' },
    });
  });

  it('records a review of everybody, and is due again 90 days later', async () => {
    const since = (await server.get(`/users/${admin.id}`, basic(admin))).body.createdAt;
    const before = (await review()).body;
    expect(before.nextReviewDue).toBe(new Date(Date.parse(since) + 90 * DAY).toISOString());

    server.clock.advance(MINUTE);
    const { body } = await record({ decision: 'confirmed' });
    expect(body).toMatchObject({ userId: null, note: null, decision: 'confirmed' });
    const after = (await review()).body;
    expect(after.lastReviewAt).toBe(body.at);
    expect(after.nextReviewDue).toBe(new Date(Date.parse(body.at) + 90 * DAY).toISOString());
    for (const item of after.items) {
      expect([item.lastReviewAt, item.flags.includes('never_reviewed')]).toEqual([body.at, false]);
    }
  });

  it('records neither a review without its audit event nor the other way round', async () => {
    const failing = vi.spyOn(Audit.prototype, 'record').mockRejectedValue(new Error('disk'));
    const before = digest(server.dataDir);
    expect((await record({ decision: 'confirmed' })).status).toBe(500);
    failing.mockRestore();
    expect(digest(server.dataDir)).toBe(before);
  });

  it('is in what a person gets about themselves, and goes with the person', async () => {
    const person = await personWith(server, admin, ['users:read']);
    await server.get('/users', as(person));
    await record({ decision: 'confirmed', note: 'New here.', userId: person.id });
    const { body } = await server.get('/users/me/export', as(person));
    expect(body.permissionUses).toEqual([
      { permission: 'users:read', lastUsedAt: expect.any(String) },
    ]);
    expect(body.accessReviews).toEqual([
      { at: expect.any(String), reviewer: admin.id, decision: 'confirmed', note: 'New here.' },
    ]);

    await flush();
    await server.delete(`/users/${person.id}`, basic(admin));
    expect(count(server.dataDir, 'AccessReview', '"subjectId" = ?', person.id)).toBe(0);
    expect(count(server.dataDir, 'PermissionUse', '"userId" = ?', person.id)).toBe(0);
  });
});

describe('a flag', () => {
  beforeAll(async () => {
    server = await TestServer.start();
    admin = await server.administrator();
  });
  afterAll(() => server.stop());

  it('shows a dormant administrator as such, until the next sign-in', async () => {
    const other = await server.administrator();
    const ada = await server.person();
    server.clock.advance(90 * DAY - MINUTE);
    await server.signIn(admin.email);
    expect((await itemOf(other)).flags).not.toContain('dormant');
    server.clock.advance(MINUTE);
    expect((await itemOf(other)).flags).toContain('dormant');
    expect((await itemOf(admin)).flags).not.toContain('dormant');
    expect((await itemOf(ada)).flags).toEqual([]);

    await server.signIn(other.email);
    expect((await itemOf(other)).flags).not.toContain('dormant');
  });

  it('shows an administrator who never signed in as dormant, too', async () => {
    const email = 'invited@example.org';
    const { body } = await server.post('/users', { email, roles: ['admin'] }, basic(admin));
    expect(await itemOf(body)).toMatchObject({ lastLoginAt: null, flags: ['never_reviewed'] });
    server.clock.advance(90 * DAY);
    expect((await itemOf(body)).flags).toEqual(['dormant', 'unused', 'never_reviewed']);
  });

  it('shows who does not use what they hold, until they do', async () => {
    const again = await server.signIn(admin.email);
    const role = await makeRole(server, again, ['users:read', 'users:write']);
    const person = await server.person();
    await giveRoles(server, again, person, ['user', role]);
    await record({ decision: 'confirmed', userId: person.id });
    expect((await itemOf(person)).flags).toEqual([]);
    server.clock.advance(90 * DAY);
    expect((await itemOf(person)).flags).toEqual(['unused']);
    await server.get('/users', basic(person));
    expect((await itemOf(person)).flags).toEqual([]);
  });

  it('shows what was neither given nor reviewed within a year', async () => {
    const again = await server.signIn(admin.email);
    const person = await personWith(server, again, ['roles:read']);
    await record({ decision: 'confirmed' });
    server.clock.advance(365 * DAY - MINUTE);
    expect((await itemOf(person)).flags).toEqual([]);
    server.clock.advance(MINUTE);
    expect((await itemOf(person)).flags).toEqual(['stale']);
    await record({ decision: 'changes_needed' });
    expect((await itemOf(person)).flags).toEqual([]);
  });
});

describe('the start page', () => {
  afterEach(() => server.stop());

  it('says when the next review is due, and when it is late', async () => {
    server = await TestServer.start();
    const part = async () => (await server.get('/start/state')).body.review;
    expect(await part()).toEqual({ ok: true, text: 'Nobody yet' });
    admin = await server.administrator();
    const due = (await review()).body.nextReviewDue.slice(0, 10);
    expect(await part()).toEqual({ ok: true, text: `Due ${due}` });
    expect((await server.get('/')).text).toContain(`Due ${due}`);
    server.clock.advance(90 * DAY);
    expect(await part()).toEqual({ ok: false, text: `Due since ${due}` });
    await record({ decision: 'confirmed' });
    expect((await part()).ok).toBe(true);
  });
});

describe('the file', () => {
  const FORMULA = '=HYPERLINK("https://evil.example","Click, please")';
  const PEOPLE = 205;
  const MADE = '2026-01-01T00:00:00.000+00:00';

  beforeAll(async () => {
    server = await TestServer.start();
    admin = await server.administrator();
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    db.prepare(
      `WITH RECURSIVE "nr"("n") AS (SELECT 0 UNION ALL SELECT "n" + 1 FROM "nr" WHERE "n" < ?)
       INSERT INTO "User" ("id", "email", "emailKey", "name", "status", "createdAt", "updatedAt")
       SELECT printf('01ff0000-0000-7000-8000-%012x', "n"), printf('+person%d@example.org', "n"),
              printf('+person%d@example.org', "n"), iif("n" = 7, ?, 'Somebody'), 'active', ?, ?
       FROM "nr"`,
    ).run(PEOPLE - 1, FORMULA, MADE, MADE);
    db.close();
  });
  afterAll(() => server.stop());

  it('holds everybody, one line each, as RFC 4180 and the list have it', async () => {
    const answer = await review('?format=csv&limit=3');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="access-review.csv"',
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('link')).toBeNull();

    const [head, ...lines] = parseCsv(answer.text);
    expect(head!.slice(0, 3)).toEqual(['user_id', 'email', 'name']);
    expect(lines).toHaveLength(PEOPLE + 1);
    for (const line of lines) expect(line).toHaveLength(head!.length);
    expect(new Set(lines.map(([id]) => id)).size).toBe(PEOPLE + 1);

    const mine = Object.fromEntries(
      head!.map((name, i) => [name, lines.find(([id]) => id === admin.id)![i]]),
    );
    const item = (await review('?limit=1')).body.items[0];
    expect(mine).toMatchObject({
      email: admin.email,
      roles: 'admin user',
      granted_by: 'server server',
      granted_at: item.roles.map(({ grantedAt }: any) => grantedAt).join(' '),
      permissions: item.permissions.join(' '),
      last_login_at: item.lastLoginAt,
      second_factor: 'no',
      api_keys: '0',
      api_keys_last_used: '',
      last_review_at: 'never',
      flags: item.flags.join(' '),
    });
    expect(mine.permissions_last_used).toMatch(/(^| )audit:read=20/);
    expect(mine.permissions_last_used).toContain('roles:write=never');
  });

  it('holds no formula, whatever people call themselves', async () => {
    const { text } = await review('?format=csv');
    const lines = parseCsv(text).slice(1);
    expect(lines.map(([, , name]) => name)).toContain(`'${FORMULA}`);
    for (const field of lines.flat()) expect(field).not.toMatch(/^[=+\-@\t\r]/);
    expect(lines.filter(([, email]) => email!.startsWith("'+person"))).toHaveLength(PEOPLE);
  });
});

/** Strictly as RFC 4180: every field quoted, CR LF at the end of each record. */
function parseCsv(text: string): string[][] {
  expect(text).toMatch(/^(?:"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*\r\n)+$/);
  const records: string[][] = [];
  let record: string[] = [];
  for (const [, field, end] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    record.push(field!.replaceAll('""', '"'));
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}
