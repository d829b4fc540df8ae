import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CleanUp } from '../src/maintenance/clean-up.js';
import type { Authenticator } from './support/authenticator.js';
import type { Answer, RequestOptions } from './support/client.js';
import { DAY, MINUTE, SECOND } from './support/clock.js';
import { codeOf, withApp } from './support/factors.js';
import { decode } from './support/jwt.js';
import {
  authenticationOptions,
  type Holder,
  holder,
  newDevice,
  register,
} from './support/passkeys.js';
import { as, giveRoles, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, databaseBytes, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const NEW = 'wholly different words here';
const COOKIE = '__Host-latchkey-trusted-device';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';

let server: TestServer;
let admin: Person;

function serverWith(env: Record<string, string> = {}): void {
  beforeAll(async () => {
    server = await TestServer.start(env);
    admin = await server.administrator();
  });
  afterAll(() => server.stop());
}

/** The first half of a sign-in, or all of it on a device that is trusted. */
function logIn(email: string, cookie?: string, password = PASSWORD): Promise<Answer> {
  return server.post('/auth/login', { email, password }, { headers: cookie ? { cookie } : {} });
}

/** Password and passkey. */
async function signIn(
  { person, device }: { person: Person; device: Authenticator },
  {
    trustDevice = true,
    cookie,
    headers = {},
  }: {
    trustDevice?: unknown;
    cookie?: string;
    headers?: Record<string, string>;
  } = {},
  password = PASSWORD,
): Promise<Answer> {
  const { mfa_token } = (await logIn(person.email, undefined, password)).body;
  const response = device.get(await authenticationOptions(server, { mfa_token }));
  return server.post(
    '/auth/passkeys/authentication',
    { response, mfa_token, trustDevice },
    { headers: { 'user-agent': FIREFOX, ...(cookie ? { cookie } : {}), ...headers } },
  );
}

/** `name=value` of the cookie an answer sets; undefined: it sets none. */
function cookieOf(answer: Answer): string | undefined {
  const set = answer.headers.getSetCookie().find((cookie) => cookie.startsWith(`${COOKIE}=`));
  return set?.split(';')[0];
}

interface Trusting extends Holder {
  cookie: string;
}

/** Somebody with a passkey, and a device that is trusted. */
async function trusting(person?: Person): Promise<Trusting> {
  const owner = await holder(server, undefined, person);
  const answer = await signIn(owner);
  expect(answer.status).toBe(200);
  return { ...owner, cookie: cookieOf(answer)! };
}

async function asksForFactor(email: string, cookie?: string, password = PASSWORD) {
  const { status, body } = await logIn(email, cookie, password);
  if (status !== 200) expect([status, body.code]).toEqual([401, 'mfa_required']);
  return status !== 200;
}

function devicesOf(person: Person, cookie?: string): Promise<Answer> {
  const headers: Record<string, string> = cookie ? { cookie } : {};
  return server.get('/auth/mfa/trusted-devices', { ...as(person), headers });
}

function trusted(person: Person): number {
  return count(server.dataDir, 'TrustedDevice', 'userId = ?', person.id);
}

function events(type: string, person: Person): { actor: string; after: any }[] {
  const sql = 'SELECT actor, detail FROM AuditEvent WHERE type = ? AND subject = ? ORDER BY seq';
  return rows(server.dataDir, sql, type, person.id).map(({ actor, detail }) => ({
    actor,
    after: JSON.parse(detail ?? '{}').after,
  }));
}

/** By password, because the tests move time past the end of any token. */
function asAdmin(): RequestOptions {
  return { basic: [admin.email, admin.password] };
}

describe('a trusted device', () => {
  serverWith({ MAIL_CODE_LOGIN: 'on' });

  it('asks for no second factor for thirty days, and says what was proved', async () => {
    const { person, cookie } = await trusting();
    const answer = await logIn(person.email, cookie);
    expect(answer.status).toBe(200);
    expect(decode(answer.body.access_token).claims.amr).toEqual(['pwd']);
    expect(events('login.succeeded', person).at(-1)!.after).toMatchObject({
      amr: 'pwd',
      trustedDevice: rows(
        server.dataDir,
        'SELECT id FROM TrustedDevice WHERE userId = ?',
        person.id,
      )[0].id,
    });
    server.clock.advance(30 * DAY - SECOND);
    expect(await asksForFactor(person.email, cookie)).toBe(false);
    server.clock.advance(SECOND);
    expect(await asksForFactor(person.email, cookie)).toBe(true);
  });

  it('is trusted after a code of an app just so', async () => {
    const owner = await withApp(server, await server.person());
    const mfa_token = (await logIn(owner.email)).body.mfa_token;
    const code = codeOf(server, owner.secret);
    const answer = await server.post('/auth/mfa/verify', { mfa_token, code, trustDevice: true });
    expect(answer.status).toBe(200);
    expect(await asksForFactor(owner.email, cookieOf(answer))).toBe(false);
    expect(await asksForFactor(owner.email)).toBe(true);
  });

  it('is trusted only when its person asks for it', async () => {
    const owner = await holder(server);
    const untrusted = await signIn(owner, { trustDevice: false });
    expect([untrusted.status, cookieOf(untrusted)]).toEqual([200, undefined]);
    expect(trusted(owner.person)).toBe(0);
    for (const trustDevice of ['true', 1, null, {}]) {
      const answer = await signIn(owner, { trustDevice });
      expect([answer.status, pointers(answer)]).toEqual([400, ['/trustDevice']]);
    }
  });

  it('[3.3.1] [3.3.2] [3.3.3] [3.3.4] [3.3.5] is known by a cookie that only this host gets, and no script', async () => {
    const owner = await holder(server);
    const answer = await signIn(owner);
    const [set] = answer.headers.getSetCookie().filter((cookie) => cookie.startsWith(COOKIE));
    expect(set).toMatch(
      new RegExp(
        `^${COOKIE}=lk_td_[A-Za-z0-9_-]{43}; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Strict$`,
      ),
    );
    const value = cookieOf(answer)!.split('=')[1]!;
    expect(answer.text).not.toContain(value);
    expect(server.logLines.join('\n')).not.toContain(value);
    expect(databaseBytes(server.dataDir).includes(value)).toBe(false);
    const [{ tokenHash }] = rows(
      server.dataDir,
      'SELECT tokenHash FROM TrustedDevice WHERE userId = ?',
      owner.person.id,
    );
    expect(tokenHash).toEqual(createHash('sha256').update(value).digest());
  });

  it('still asks for the password, and opens nothing by itself', async () => {
    const { person, cookie } = await trusting();
    const wrong = await logIn(person.email, cookie, 'not the right one');
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    const value = cookie.split('=')[1]!;
    for (const options of [
      { headers: { cookie } },
      { bearer: value },
      { headers: { cookie }, basic: [person.email, value] as [string, string] },
    ]) {
      expect((await server.get('/users/me', options)).status).toBe(401);
    }
    expect((await server.post('/auth/refresh', { refresh_token: value })).status).toBe(401);
  });

  it('counts for Basic where a session begins, and on no other route', async () => {
    const { person, cookie } = await trusting();
    const basic: [string, string] = [person.email, PASSWORD];
    const begun = await server.send('POST', '/auth/login', { basic, headers: { cookie } });
    expect(begun.status).toBe(200);
    const refused = await server.get('/users/me', { basic, headers: { cookie } });
    expect([refused.status, refused.body.code]).toEqual([401, 'mfa_required']);
  });

  it('[6.3.4] counts beside the password alone: a mailed code gets half way', async () => {
    const { person, cookie } = await trusting();
    const { login_token } = (await server.post('/auth/login/code', { email: person.email })).body;
    const { code } = await server.newestMail(person.email);
    const verified = await server.post(
      '/auth/login/code/verify',
      { login_token, code },
      { headers: { cookie } },
    );
    expect([verified.status, verified.body.code]).toEqual([401, 'mfa_required']);
  });

  it('is trusted for one account, whatever is sent', async () => {
    const [mine, theirs] = [await trusting(), await trusting()];
    const value = mine.cookie.split('=')[1]!;
    for (const cookie of [
      theirs.cookie,
      `${COOKIE}=`,
      `${COOKIE}=lk_td_${'A'.repeat(43)}`,
      `${COOKIE}=${value.slice(0, -1)}`,
      `${COOKIE}=${value}A`,
      `x${mine.cookie}`,
      `latchkey-trusted-device=${value}`,
      `${COOKIE}="${value}"`,
    ]) {
      expect([cookie, await asksForFactor(mine.person.email, cookie)]).toEqual([cookie, true]);
    }
    expect(await asksForFactor(mine.person.email, `a=b; ${mine.cookie}; c=d`)).toBe(false);
  });

  it('[F46] is none before the second factor is proved', async () => {
    const { person } = await holder(server);
    const answer = await logIn(person.email);
    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()).toEqual([]);
    const early = await server.post('/auth/login', {
      email: person.email,
      password: PASSWORD,
      trustDevice: true,
    });
    expect([early.status, pointers(early)]).toEqual([400, ['/trustDevice']]);
    expect(trusted(person)).toBe(0);
  });

  it('[7.5.1] [7.5.3] does not count as a recent sign-in: what is dangerous asks for the factor', async () => {
    const { person, cookie } = await trusting();
    server.clock.advance(5 * MINUTE);
    const { body } = await logIn(person.email, cookie);
    const bearer = body.access_token;
    expect((await server.get('/users/me', { bearer })).status).toBe(200);
    for (const [method, path, json] of [
      ['POST', '/auth/passkeys/registration/options', undefined],
      ['POST', '/auth/email/change', { newEmail: 'thief@example.org', currentPassword: PASSWORD }],
      ['POST', '/auth/api-keys', { name: 'mine now' }],
      ['GET', '/users/me/export', undefined],
      ['DELETE', '/users/me', { currentPassword: PASSWORD }],
    ] as const) {
      const answer = await server.send(method, path, { bearer, json });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'recent_login_required']);
    }
    const seconds = decode(bearer).claims;
    expect(seconds.iat - seconds.auth_time).toBe(300);
  });

  it('[6.3.7] is told to the owner and to the audit trail, with a way to object', async () => {
    const { person, cookie } = await trusting();
    const mail = await server.newestMail(person.email);
    expect(mail.subject).toBe('A device of yours is trusted now');
    expect(mail.text).toContain('Device: Firefox on Linux');
    expect(mail.text).not.toContain(cookie.split('=')[1]);
    expect(events('device.trusted', person)).toMatchObject([{ actor: person.id }]);
    expect((await server.post('/auth/not-me', { token: mail.token })).status).toBe(204);
    expect(trusted(person)).toBe(0);
  });

  it('is not trusted at the wish of a page of another site, which could not keep the cookie', async () => {
    const owner = await holder(server);
    const answer = await signIn(owner, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect([answer.status, cookieOf(answer)]).toEqual([200, undefined]);
    expect(trusted(owner.person)).toBe(0);
    const own = await signIn(owner, { headers: { 'sec-fetch-site': 'same-origin' } });
    expect(await asksForFactor(owner.person.email, cookieOf(own))).toBe(false);
  });

  it('gets another secret when it is trusted again: who has seen the earlier one has nothing', async () => {
    const owner = await trusting();
    const again = cookieOf(await signIn(owner, { cookie: owner.cookie }))!;
    expect(again).not.toBe(owner.cookie);
    expect(await asksForFactor(owner.person.email, owner.cookie)).toBe(true);
    expect(await asksForFactor(owner.person.email, again)).toBe(false);
    expect(trusted(owner.person)).toBe(1);
  });

  it('is trusted by several accounts of one browser, each for itself', async () => {
    const first = await trusting();
    const second = await holder(server);
    const cookie = cookieOf(await signIn(second, { cookie: first.cookie }))!;
    expect(await asksForFactor(first.person.email, first.cookie)).toBe(true);
    for (const { person } of [first, second]) {
      expect(await asksForFactor(person.email, cookie)).toBe(false);
    }
    await server.delete('/auth/mfa/trusted-devices', as(second.person));
    expect(await asksForFactor(second.person.email, cookie)).toBe(true);
    expect(await asksForFactor(first.person.email, cookie)).toBe(false);
  });

  it('[14.2.7] is forgotten when its time is over', async () => {
    const { person } = await trusting();
    const { person: younger } = await (async () => {
      server.clock.advance(DAY);
      return trusting();
    })();
    server.clock.advance(29 * DAY);
    expect((await server.app.get(CleanUp).runIfDue())!.trustedDevices).toBeGreaterThanOrEqual(1);
    expect([trusted(person), trusted(younger)]).toEqual([0, 1]);
  });

  it('stands in the export of the account, without what it is known by', async () => {
    const owner = await trusting();
    const me = { ...owner.person, accessToken: (await signIn(owner)).body.access_token };
    const { body, text } = await server.get('/users/me/export', as(me));
    expect(body.trustedDevices).toHaveLength(2);
    expect(body.trustedDevices[0]).toMatchObject({ label: 'Firefox on Linux', ip: '127.0.0.1' });
    expect(text).not.toContain('lk_td_');
    expect(text).not.toContain('tokenHash');
  });
});

describe('[6.5.6] [7.5.2] the list of trusted devices', () => {
  serverWith();

  it('shows own ones that stand, and which is this one', async () => {
    const owner = await trusting();
    const other = cookieOf(await signIn(owner, { headers: { 'user-agent': 'curl/8.5.0' } }))!;
    const { status, body } = await devicesOf(owner.person, other);
    expect([status, body.nextCursor]).toEqual([200, null]);
    expect(body.items).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        current: false,
        label: 'Firefox on Linux',
        ip: '127.0.0.1',
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
        expiresAt: new Date(Date.parse(body.items[0].createdAt) + 30 * DAY).toISOString(),
      },
      expect.objectContaining({ current: true, label: 'curl' }),
    ]);
    const page = await server.get('/auth/mfa/trusted-devices?limit=1&count=true', as(owner.person));
    expect([page.body.items.length, page.body.total]).toEqual([1, 2]);
    const next = await server.get(
      `/auth/mfa/trusted-devices?limit=1&cursor=${page.body.nextCursor}`,
      as(owner.person),
    );
    expect(next.body.items[0].id).toBe(body.items[1].id);
  });

  it('says when somebody last signed in with it', async () => {
    const owner = await trusting();
    server.clock.advance(MINUTE);
    await logIn(owner.person.email, owner.cookie);
    const [device] = (await devicesOf(owner.person)).body.items;
    expect(Date.parse(device.lastUsedAt) - Date.parse(device.createdAt)).toBeGreaterThanOrEqual(
      MINUTE,
    );
  });

  it('ends one of them, at the next sign-in; its sessions go on', async () => {
    const owner = await trusting();
    const session = (await logIn(owner.person.email, owner.cookie)).body.access_token;
    const [{ id }] = (await devicesOf(owner.person)).body.items;
    const ended = await server.delete(`/auth/mfa/trusted-devices/${id}`, as(owner.person));
    expect([ended.status, ended.text]).toEqual([204, '']);
    expect(await asksForFactor(owner.person.email, owner.cookie)).toBe(true);
    expect((await server.get('/users/me', { bearer: session })).status).toBe(200);
    expect(events('device.trust_ended', owner.person)).toEqual([
      { actor: owner.person.id, after: { devices: 1, reason: 'ended_by_user' } },
    ]);
    expect((await server.delete(`/auth/mfa/trusted-devices/${id}`, as(owner.person))).status).toBe(
      404,
    );
  });

  it('[8.2.2] ends nobody else’s', async () => {
    const [mine, theirs] = [await trusting(), await trusting()];
    const [{ id }] = (await devicesOf(theirs.person)).body.items;
    for (const path of [id, 'nothing', crypto.randomUUID()]) {
      const answer = await server.delete(`/auth/mfa/trusted-devices/${path}`, as(mine.person));
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    }
    await server.delete('/auth/mfa/trusted-devices', as(mine.person));
    expect([trusted(mine.person), trusted(theirs.person)]).toEqual([0, 1]);
    expect((await server.get('/auth/mfa/trusted-devices')).status).toBe(401);
  });

  it('ended while fifty sign in with it, is asked for the factor from then on', async () => {
    const owner = await trusting();
    const attempts = atOnce(50, () => logIn(owner.person.email, owner.cookie));
    const ended = server.delete('/auth/mfa/trusted-devices', as(owner.person));
    const statuses = tally((await attempts).map(({ status }) => status));
    expect((await ended).status).toBe(204);
    expect((statuses[200] ?? 0) + (statuses[401] ?? 0)).toBe(50);
    expect(await asksForFactor(owner.person.email, owner.cookie)).toBe(true);
  });
});

describe('[6.5.6] [7.4.3] the trust in a device ends with', () => {
  serverWith();

  it.each<[string, (owner: Trusting) => Promise<Answer>]>([
    [
      'a change of the password',
      ({ person }) => {
        const change = { currentPassword: PASSWORD, newPassword: NEW };
        return server.post('/auth/password/change', change, as(person));
      },
    ],
    [
      'a reset of the password',
      async ({ person }) => {
        await server.post('/auth/password/forgot', { email: person.email });
        const { token } = await server.newestMail(person.email);
        return server.post('/auth/password/reset', { token, password: NEW });
      },
    ],
    ['another second factor', ({ person }) => register(server, person, newDevice(server))],
    [
      'an administrator who ends all sessions',
      ({ person }) => server.delete(`/users/${person.id}/sessions`, asAdmin()),
    ],
    [
      'the account that is disabled',
      ({ person }) => server.patch(`/users/${person.id}`, { status: 'disabled' }, asAdmin()),
    ],
    [
      'another address',
      async ({ person }) => {
        const newEmail = `moved-${person.email}`;
        const asked = { newEmail, currentPassword: PASSWORD };
        expect((await server.post('/auth/email/change', asked, as(person))).status).toBe(202);
        const { token } = await server.newestMail(newEmail);
        return server.post('/auth/email/confirm', { token });
      },
    ],
  ])('%s', async (_, change) => {
    const owner = await trusting();
    const answer = await change(owner);
    expect(answer.status).toBeLessThan(300);
    expect(trusted(owner.person)).toBe(0);
    expect(events('device.trust_ended', owner.person)).toMatchObject([{ after: { devices: 1 } }]);
  });

  it('the removal of a second factor, also of one of two', async () => {
    const owner = await holder(server);
    const second = await register(server, owner.person, newDevice(server));
    const { cookie } = { cookie: cookieOf(await signIn(owner))! };
    const removed = await server.delete(`/auth/passkeys/${second.body.id}`, as(owner.person));
    expect(removed.status).toBe(204);
    expect(await asksForFactor(owner.person.email, cookie)).toBe(true);
  });

  it('the account', async () => {
    const owner = await trusting();
    const gone = await server.delete(`/users/${owner.person.id}`, asAdmin());
    expect(gone.status).toBe(204);
    expect(trusted(owner.person)).toBe(0);
  });

  it('nothing less: who signs out, or ends all of their own sessions, keeps it', async () => {
    const owner = await trusting();
    const { body } = await logIn(owner.person.email, owner.cookie);
    await server.post('/auth/logout', undefined, { bearer: body.access_token });
    await server.delete('/auth/sessions', as(owner.person));
    expect(await asksForFactor(owner.person.email, owner.cookie)).toBe(false);
  });
});

describe('a role that needs a second factor', () => {
  serverWith({ MFA_REQUIRED_ROLES: 'careful' });

  it('needs it at each sign-in: no device stands in for it', async () => {
    const role = { name: 'careful', permissions: [] };
    expect((await server.post('/roles', role, asAdmin())).status).toBe(201);
    const owner = await trusting();
    expect(await asksForFactor(owner.person.email, owner.cookie)).toBe(false);
    await giveRoles(server, admin, owner.person, ['careful']);
    expect(await asksForFactor(owner.person.email, owner.cookie)).toBe(true);
    const again = await signIn(owner);
    expect([again.status, cookieOf(again)]).toEqual([200, undefined]);
  });
});
