import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Audit } from '../src/audit/audit.js';
import { PermissionUses } from '../src/users/permission-uses.js';
import type { Answer, RequestOptions } from './support/client.js';
import { MINUTE } from './support/clock.js';
import { authenticationOptions, holder } from './support/passkeys.js';
import { as, giveRoles, makeRole, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, digest, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;
let people = 0;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
});
afterAll(() => server.stop());

/** Every field of an export. */
const DOCUMENTED = {
  profile: [
    'createdAt',
    'email',
    'emailVerifiedAt',
    'hasPassword',
    'id',
    'lastLoginAt',
    'locale',
    'name',
    'passwordChangedAt',
    'status',
    'updatedAt',
  ],
  roles: ['grantedAt', 'grantedBy', 'name'],
  permissionUses: ['lastUsedAt', 'permission'],
  accessReviews: ['at', 'decision', 'note', 'reviewer'],
  sessions: [
    'amr',
    'authTime',
    'createdAt',
    'endReason',
    'endedAt',
    'expiresAt',
    'id',
    'ip',
    'label',
    'lastUsedAt',
    'userAgent',
  ],
  apiKeys: [
    'createdAt',
    'endReason',
    'endedAt',
    'expiresAt',
    'id',
    'lastUsedAt',
    'lastUsedIp',
    'name',
    'networks',
    'permissions',
  ],
  trustedDevices: ['createdAt', 'expiresAt', 'id', 'ip', 'label', 'lastUsedAt'],
  secondFactors: ['createdAt', 'lastUsedAt', 'method', 'name'],
  passkeys: [
    'aaguid',
    'backedUp',
    'backupEligible',
    'counter',
    'createdAt',
    'credentialId',
    'id',
    'lastUsedAt',
    'name',
    'publicKey',
    'transports',
  ],
  oneTimeTokens: ['address', 'createdAt', 'expiresAt', 'purpose', 'usedAt'],
  mails: ['createdAt', 'kind', 'recipient', 'sentAt', 'state'],
  auditEvents: ['actor', 'at', 'detail', 'id', 'ip', 'scheme', 'subject', 'type'],
};

function exported(options: RequestOptions): Promise<Answer> {
  return server.get('/users/me/export', options);
}

function leave(options: RequestOptions, currentPassword: unknown = PASSWORD): Promise<Answer> {
  return server.delete('/users/me', { ...options, json: { currentPassword } });
}

async function login({ email }: Person): Promise<number> {
  return (await server.post('/auth/login', { email, password: PASSWORD })).status;
}

/** By password, because the tests move time past the end of any token. */
function asAdmin(): RequestOptions {
  return { basic: [admin.email, admin.password] };
}

/** Someone with a name nobody else has. */
async function named(): Promise<Person & { name: string }> {
  const person = await server.person(`leaver-${++people}@farewell.example`);
  const name = `Zephyrine Quillfeather ${people}`;
  await server.patch('/users/me', { name, locale: 'en-GB' }, as(person));
  return { ...person, name };
}

const ROUTES: [string, (options: RequestOptions) => Promise<Answer>][] = [
  ['GET /users/me/export', exported],
  ['DELETE /users/me', leave],
];

describe.each(ROUTES)('%s', (_route, call) => {
  it('[7.5.1] [7.5.3] needs a sign-in within the last five minutes', async () => {
    const person = await server.person();
    server.clock.advance(5 * MINUTE);
    const late = await call(as(person));
    expect([late.status, late.body.code]).toEqual([403, 'recent_login_required']);
    const { body } = await server.post('/auth/refresh', { refresh_token: person.refreshToken });
    expect((await call({ bearer: body.access_token })).body.code).toBe('recent_login_required');
    expect((await call(as(await server.signIn(person.email)))).status).toBeLessThan(300);
  });

  it('takes Basic for recent: the password was just sent', async () => {
    const person = await server.person();
    server.clock.advance(60 * MINUTE);
    expect((await call({ basic: [person.email, PASSWORD] })).status).toBeLessThan(300);
  });

  it('needs a sign-in', async () => {
    expect((await call({})).body.code).toBe('token_missing');
  });
});

describe('an export', () => {
  it('is a file of JSON that nobody keeps on the way', async () => {
    const answer = await exported(as(await named()));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="latchkey-account.json"',
    );
  });

  it('holds the profile, roles, sessions, links, mails and events', async () => {
    const person = await named();
    const role = await makeRole(server, await server.signIn(admin.email), ['users:read']);
    await giveRoles(server, await server.signIn(admin.email), person, ['user', role]);
    const second = await server.signIn(person.email);
    await server.post('/auth/logout', {}, as(second));
    await server.post('/auth/password/forgot', { email: person.email });
    await server.mailSettled();

    const { body } = await exported(as(person));
    expect(body.profile).toMatchObject({
      id: person.id,
      email: person.email,
      name: person.name,
      locale: 'en-GB',
      status: 'active',
      hasPassword: true,
    });
    expect(body.roles).toMatchObject([
      { name: role, grantedBy: admin.id },
      { name: 'user', grantedBy: null },
    ]);
    expect(body.sessions.map(({ endReason }: { endReason: string }) => endReason)).toEqual([
      null,
      'logout',
    ]);
    const purposes = body.oneTimeTokens.map(({ purpose }: { purpose: string }) => purpose);
    expect(purposes).toEqual(expect.arrayContaining(['verify_email', 'reset_password']));
    expect(body.mails).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'registration', state: 'sent', recipient: person.email }),
        expect.objectContaining({ kind: 'reset-password', state: 'sent' }),
      ]),
    );
    const types = body.auditEvents.map(({ type }: { type: string }) => type);
    expect(types[0]).toBe('user.registered');
    expect(types).toEqual(
      expect.arrayContaining(['user.verified', 'login.succeeded', 'roles.changed']),
    );
  });

  it('holds nothing a thief could use, and nothing that is not documented', async () => {
    const person = await named();
    await server.post('/auth/password/forgot', { email: person.email });
    await server.mailSettled();
    server.app.get(PermissionUses).used(person.id, ['users:read']);
    const review = { decision: 'confirmed', userId: person.id };
    await server.post('/access-review', review, asAdmin());
    await server.post('/auth/api-keys', { name: 'script' }, as(person));
    const { device } = await holder(server, {}, person);
    const { email } = person;
    const { mfa_token } = (await server.post('/auth/login', { email, password: PASSWORD })).body;
    const response = device.get(await authenticationOptions(server, { mfa_token }));
    const trusting = { response, mfa_token, trustDevice: true };
    expect((await server.post('/auth/passkeys/authentication', trusting)).status).toBe(200);
    const { text } = await exported(as(person));
    expect(text).not.toMatch(
      /hash"|salt|codeHash|tokenHash|attemptsLeft|\$2b\$|lk_ot_|lk_rt_|lk_key_/,
    );
    const { exportedAt: _, profile, ...lists } = JSON.parse(text);
    expect(Object.keys(profile).sort()).toEqual(DOCUMENTED.profile);
    const fields = Object.entries(lists).map(([list, items]) => [
      list,
      Object.keys((items as object[])[0]!).sort(),
    ]);
    expect({ profile: DOCUMENTED.profile, ...Object.fromEntries(fields) }).toEqual(DOCUMENTED);
  });

  it('says what others did to the account, but not where they did it from', async () => {
    const person = await named();
    await server.patch(`/users/${person.id}`, { name: 'Someone Else' }, asAdmin());
    const { body } = await exported(as(person));
    const byAdmin = body.auditEvents.filter(({ actor }: { actor: string }) => actor === admin.id);
    expect(byAdmin).toMatchObject([{ type: 'user.updated', subject: person.id, ip: null }]);
    const own = body.auditEvents.find(({ type }: { type: string }) => type === 'login.succeeded');
    expect(own.ip).toBe('127.0.0.1');
  });

  it('holds nothing of anybody else', async () => {
    const other = await named();
    const { text } = await exported(as(await named()));
    for (const theirs of [other.id, other.email, other.name]) expect(text).not.toContain(theirs);
  });

  it('is long when the trail is, and whole', async () => {
    const person = await named();
    const { id } = person;
    await server.app
      .get(Audit)
      .recordAll(
        Array.from({ length: 600 }, () => ({ type: 'user.updated', actor: id, subject: id })),
      );
    const { body } = await exported(as(person));
    const updates = body.auditEvents.filter(
      ({ type }: { type: string }) => type === 'user.updated',
    );
    expect(updates).toHaveLength(601);
  });
});

describe('deleting the own account', () => {
  it('[7.4.2] ends every sign-in at once, on every scheme', async () => {
    const person = await named();
    const other = await server.signIn(person.email);
    const basic: RequestOptions = { basic: [person.email, PASSWORD] };
    expect((await server.get('/users/me', basic)).status).toBe(200);
    const answer = await leave(as(person));
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const options of [as(person), as(other), basic]) {
      expect((await server.get('/users/me', options)).status).toBe(401);
    }
    const refreshed = await server.post('/auth/refresh', { refresh_token: other.refreshToken });
    expect(refreshed.status).toBe(401);
    expect(await login(person)).toBe(401);
    server = await server.restart();
    expect((await server.get('/users/me', as(person))).status).toBe(401);
  });

  it('tells the person by mail, and kills every link that was mailed', async () => {
    const person = await named();
    await server.post('/auth/password/forgot', { email: person.email });
    const reset = await server.newestMail(person.email);
    await leave(as(person));
    const mail = await server.newestMail(person.email);
    expect([mail.subject === reset.subject, mail.token]).toEqual([false, null]);
    const json = { token: reset.token, password: 'one more of them' };
    expect((await server.post('/auth/password/reset', json)).body.code).toBe('token_invalid');
  });

  it('leaves no row of the person, and no word of who it was', async () => {
    const person = await named();
    await leave(as(person));
    await server.mailSettled();
    for (const table of ['Session', 'OneTimeToken', 'UserRole']) {
      expect([table, count(server.dataDir, table, 'userId = ?', person.id)]).toEqual([table, 0]);
    }
    expect(count(server.dataDir, 'User', 'id = ?', person.id)).toBe(0);
    // Until the farewell is forgotten, a week after it was sent, its row holds the address.
    const mails = rows(
      server.dataDir,
      'SELECT template, data FROM OutboxMail WHERE recipientKey = ?',
      person.email,
    );
    expect(mails).toEqual([{ template: 'account-deleted', data: null }]);
  });

  it('keeps the audit trail, line for line, in which nothing names the person', async () => {
    const person = await named();
    const about = () =>
      rows(
        server.dataDir,
        'SELECT * FROM AuditEvent WHERE subject = ? OR actor = ? ORDER BY seq',
        person.id,
        person.id,
      );
    const before = about();
    await leave(as(person));
    const after = about();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length).map(({ type }) => type)).toEqual([
      'session.ended',
      'user.deleted',
    ]);
    const text = JSON.stringify(after);
    for (const word of [person.email, person.name, 'Zephyrine', 'farewell.example']) {
      expect(text).not.toContain(word);
    }
  });

  it('needs the current password, as text, and no field it does not know', async () => {
    const person = await named();
    const wrong = await leave(as(person), 'not the right one');
    expect([wrong.status, wrong.body.code]).toEqual([403, 'current_password_wrong']);
    for (const nonsense of [null, 1, true, {}, ['x']]) {
      const answer = await leave(as(person), nonsense);
      expect([answer.status, pointers(answer)]).toEqual([400, ['/currentPassword']]);
    }
    for (const nothing of [{ json: {} }, {}]) {
      const answer = await server.delete('/users/me', { ...as(person), ...nothing });
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    }
    const json = { currentPassword: PASSWORD, userId: admin.id };
    const more = await server.delete('/users/me', { ...as(person), json });
    expect([more.status, pointers(more)]).toEqual([400, ['/userId']]);
    expect((await server.get('/users/me', as(person))).status).toBe(200);
  });

  it('many times at once deletes once', async () => {
    const person = await named();
    const answers = await atOnce(20, () => leave(as(person)));
    const statuses = answers.map(({ status }) => status);
    expect(tally(statuses)[204]).toBe(1);
    expect(statuses.filter((status) => ![204, 401, 403, 409].includes(status))).toEqual([]);
    const deleted = `type = 'user.deleted' AND subject = ?`;
    expect(count(server.dataDir, 'AuditEvent', deleted, person.id)).toBe(1);
    const farewells = `template = 'account-deleted' AND recipientKey = ?`;
    expect(count(server.dataDir, 'OutboxMail', farewells, person.email)).toBe(1);
  });

  it('frees the address for a new account, which is another one', async () => {
    const person = await named();
    await leave(as(person));
    const successor = await server.person(person.email);
    expect(successor.id).not.toBe(person.id);
    const { body } = await exported(as(successor));
    expect(JSON.stringify(body)).not.toContain(person.id);
  });

  it('is refused to the last administrator, who stays as they are', async () => {
    const recent = await server.signIn(admin.email);
    await server.settled();
    const before = digest(server.dataDir);
    const answer = await leave(as(recent));
    expect([answer.status, answer.body.code]).toEqual([409, 'last_administrator']);
    expect(digest(server.dataDir)).toBe(before);
    expect((await server.get('/users/me', as(recent))).status).toBe(200);
  });

  it('is refused to one of two administrators who leave at the same moment', async () => {
    const other = await server.administrator();
    const first = await server.signIn(admin.email);
    const answers = await Promise.all([leave(as(first)), leave(as(other))]);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 1, 409: 1 });
    admin = answers[0]!.status === 409 ? first : other;
    expect((await server.get('/users', as(admin))).status).toBe(200);
  });

  it('leaves the name in no table', async () => {
    const person = await named();
    await leave(as(person));
    await server.mailSettled();
    const live = rows(server.dataDir, `SELECT name FROM sqlite_master WHERE type = 'table'`)
      .map(({ name }) => JSON.stringify(rows(server.dataDir, `SELECT * FROM "${name}"`)))
      .join('');
    expect(live).not.toContain(person.name);
  });
});
