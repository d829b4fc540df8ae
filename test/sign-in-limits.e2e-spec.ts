import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SecurityEventMap, SecurityEvents } from '../src/common/security-events.js';
import type { Answer, RequestOptions } from './support/client.js';
import { DAY, MINUTE, SECOND } from './support/clock.js';
import { as, withoutInstance } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { soon } from './support/soon.js';

const QUARTER = 15 * MINUTE;
const COOKIE = '__Host-latchkey-device';
/** What a browser says of a page's own requests. */
const BROWSER = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };

let server: TestServer;
let guessed = 0;
let networks = 0;

function serverWith(env: Record<string, string> = {}): void {
  beforeAll(async () => {
    server = await TestServer.start({
      RATE_LIMITS: 'on',
      TRUST_PROXY: '1',
      LIMIT_REGISTER: '1000/1h',
      ...env,
    });
    server.clock.stop();
  });
  afterAll(() => server.stop());
}

/** As the one proxy that TRUST_PROXY=1 believes in would say. */
function from(address: string, headers: Record<string, string> = {}): RequestOptions {
  return { headers: { ...headers, 'x-forwarded-for': address } };
}

const anywhere = (): string => `198.18.${(networks >> 8) & 0xff}.${networks++ & 0xff}`;
const wrong = (): string => `guess number ${++guessed}`;

function logIn(
  email: string,
  password: string,
  address: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return server.post('/auth/login', { email, password }, from(address, headers));
}

function statuses(answers: Answer[]): Record<string, number> {
  return tally(answers.map(({ status }) => status));
}

function fields({ headers }: Answer) {
  return ['retry-after', 'ratelimit', 'ratelimit-policy'].map((name) => headers.get(name));
}

/** Fails until the account may not be guessed at any more from there, with all the patience needed. */
async function useUp(guess: () => Promise<Answer>): Promise<number> {
  for (let failures = 0; ; failures++) {
    if ((await guess()).status === 429) return failures;
    server.clock.advance(64 * SECOND);
  }
}

/** The account's whole budget, used up by strangers. */
function flood(email: string, networks = 120): Promise<Answer[]> {
  return atOnce(networks, () => logIn(email, wrong(), anywhere()));
}

async function deviceCookie(person: { email: string; password: string }): Promise<string> {
  const answer = await logIn(person.email, person.password, anywhere(), BROWSER);
  expect(answer.status).toBe(200);
  return answer.headers.get('set-cookie')!.split(';')[0]!;
}

describe('wrong passwords for one account from one network', () => {
  serverWith();

  it('[2.4.1] cost nothing twice, then a pause that doubles, and end at ten', async () => {
    const { email, password } = await server.person();
    const address = anywhere();
    const seen: [number, string | null][] = [];
    for (let failures = 1; failures <= 10; failures++) {
      expect((await logIn(email, wrong(), address)).status).toBe(401);
      const next = failures < 3 ? undefined : await logIn(email, password, address);
      if (!next) continue;
      expect([next.status, next.body.code]).toEqual([429, 'rate_limited']);
      const seconds = Number(next.headers.get('retry-after'));
      expect(fields(next)).toEqual([
        String(seconds),
        `"login";r=0;t=${seconds}`,
        '"login";q=10;w=900',
      ]);
      seen.push([failures, String(seconds)]);
      if (failures < 10) server.clock.advance(seconds * SECOND);
    }
    const pauses = seen.map(([, seconds]) => Number(seconds));
    for (const [nr, most] of [1, 2, 4, 8, 16, 32, 64, 900 - 127].entries()) {
      expect(pauses[nr]).toBeLessThanOrEqual(most);
      expect(pauses[nr]).toBeGreaterThan(most / 2 - 20 * Number(nr === 7));
    }
    server.clock.advance(QUARTER);
    expect((await logIn(email, password, address)).status).toBe(200);
  });

  it('are answered for an address nobody has like for one somebody has', async () => {
    const { email } = await server.person();
    const seen = [];
    for (const tried of [email, 'nobody@example.org']) {
      const address = anywhere();
      const answers: Answer[] = [];
      for (let nr = 0; nr < 25; nr++) {
        answers.push(await logIn(tried, wrong(), address));
        server.clock.advance(10 * SECOND);
      }
      seen.push(
        answers.map((answer) => [
          answer.status,
          answer.status === 429 && answer.headers.get('ratelimit-policy'),
          [...answer.headers.keys()].sort(),
          withoutInstance(answer),
        ]),
      );
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(tally(seen[0]!.map(([status]) => status as number))[401]).toBeGreaterThan(3);
  });

  it('count together however they are sent: as JSON, as Basic, in another spelling', async () => {
    const { email, password } = await server.person();
    const address = anywhere();
    const basic = (path: string) =>
      server.send(path === '/auth/login' ? 'POST' : 'GET', path, {
        ...from(address),
        basic: [email.toUpperCase(), wrong()],
      });
    expect((await logIn(email, wrong(), address)).status).toBe(401);
    expect((await basic('/users/me')).status).toBe(401);
    expect((await basic('/auth/login')).status).toBe(401);
    expect((await basic('/users/me')).status).toBe(429);
    expect((await logIn(` ${email}`, password, address)).status).toBe(429);
    expect((await logIn(email, password, anywhere())).status).toBe(200);
  });

  it('[43] of a hundred at once are counted exactly, and a hundred right ones all pass', async () => {
    const { email, password } = await server.person();
    const address = anywhere();
    const right = await atOnce(100, () => logIn(email, password, address));
    expect(statuses(right)).toEqual({ 200: 100 });
    expect(new Set(right.map(({ body }) => body.refresh_token)).size).toBe(100);

    const failed = await atOnce(100, () => logIn(email, wrong(), address));
    const [login] = rows(
      server.dataDir,
      `SELECT failures, pending FROM LimitCount WHERE "limit" = 'login' ORDER BY failures DESC`,
    );
    expect(login.pending).toBe(0);
    expect(statuses(failed)[401]).toBeLessThanOrEqual(5);
    server.clock.advance(64 * SECOND);
    expect((await logIn(email, password, address)).status).toBe(200);
  });

  it('are forgotten neither by a restart nor by time that is set back', async () => {
    const { email, password } = await server.person();
    const address = anywhere();
    expect(await useUp(() => logIn(email, wrong(), address))).toBe(10);
    server = await server.restart();
    expect((await logIn(email, password, address)).status).toBe(429);
    server.clock.advance(-MINUTE);
    expect((await logIn(email, password, address)).status).toBe(429);
    server.clock.advance(-DAY);
    expect((await logIn(email, password, address)).status).toBe(200);
    server.clock.advance(DAY + MINUTE);
  });

  it('are not forgotten where one that has looked at the clock earlier is counted later', async () => {
    const { email, password } = await server.person();
    const address = anywhere();
    for (let nr = 0; nr < 3; nr++) await logIn(email, wrong(), address);
    server.clock.advance(-30 * SECOND);
    expect((await logIn(email, password, address)).status).toBe(429);
    server.clock.advance(30 * SECOND);
    expect(await flood(email)).toHaveLength(120);
    server.clock.advance(-30 * SECOND);
    expect((await logIn(email, password, anywhere())).status).toBe(429);
    server.clock.advance(30 * SECOND);
  });

  it('never set free a password that is remembered to be right', async () => {
    const { email, password } = await server.person();
    const address = anywhere();
    const basic = (tried: string) =>
      server.get('/users/me', { ...from(address), basic: [email, tried] });
    expect((await basic(password)).status).toBe(200);
    expect(await useUp(() => basic(wrong()))).toBe(10);
    expect((await basic(password)).status).toBe(429);
  });

  it('[2.4.1] are as many as LIMIT_LOGIN says', async () => {
    server = await server.restart({ LIMIT_LOGIN: '4/5m' });
    const { email, password } = await server.person();
    const address = anywhere();
    expect(await useUp(() => logIn(email, wrong(), address))).toBe(4);
    server.clock.advance(5 * MINUTE);
    expect((await logIn(email, password, address)).status).toBe(200);
  });

  it('[16.5.3] let nobody in while they cannot be counted, and stop nobody who has a token', async () => {
    const person = await server.person();
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON LimitCount
             BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END`);
    const answers = [
      await logIn(person.email, person.password, anywhere()),
      await logIn(person.email, wrong(), anywhere()),
      await server.get('/users/me', {
        ...from(anywhere()),
        basic: [person.email, person.password],
      }),
    ];
    expect(statuses(answers)).toEqual({ 503: 3 });
    expect((await server.get('/users/me', as(person))).status).toBe(200);
    db.exec('DROP TRIGGER full');
    db.close();
    expect((await logIn(person.email, person.password, anywhere())).status).toBe(200);
  });
});

describe('[48] one network', () => {
  serverWith();

  it.each([
    ['an IPv4 address with ports', (nr: number) => `203.0.113.7:${1000 + nr}`],
    ['an IPv4-mapped address', (nr: number) => (nr % 2 ? '::ffff:203.0.113.8' : '203.0.113.8')],
    ['an IPv6 /64', (nr: number) => `2001:db8:1:2:${(nr * 7919) % 9999}::${nr}`],
    ['an address behind forged ones', (nr: number) => `10.0.0.${nr}, 203.0.113.9`],
  ])('has one budget: %s', async (_, addressOf) => {
    const { email } = await server.person();
    let nr = 0;
    expect(await useUp(() => logIn(email, wrong(), addressOf(++nr)))).toBe(10);
  });
});

describe('[48] [49] without TRUST_PROXY', () => {
  serverWith({ TRUST_PROXY: '0' });

  it('forged headers give nobody a fresh budget, skip nothing and break nothing', async () => {
    const { email, password } = await server.person();
    const forged = (nr: number) => ({
      'x-forwarded-for': ['a', `198.51.100.${nr}`, `::ffff:198.51.100.${nr}`, ''][nr % 4]!,
      'x-real-ip': `198.51.100.${nr}`,
      forwarded: `for=198.51.100.${nr}`,
      'x-original-uri': '/health',
      'x-forwarded-host': 'evil.example',
    });
    let nr = 0;
    const guess = () =>
      server.post('/auth/login', { email, password: wrong() }, { headers: forged(++nr) });
    expect(await useUp(guess)).toBe(10);
    const right = await server.post('/auth/login', { email, password }, { headers: forged(99) });
    expect(right.status).toBe(429);
    const me = await server.get('/users/me', { headers: forged(98) });
    expect(me.status).toBe(401);
    expect(JSON.stringify([...me.headers, me.text])).not.toContain('evil.example');
    const warnings = server.logLines.filter((line) => line.includes('X-Forwarded-For'));
    expect(warnings.map((line) => JSON.parse(line).level)).toEqual([40]);
    expect(warnings[0]).toContain('TRUST_PROXY');
  });
});

describe('[44] strangers who flood an account from everywhere', () => {
  serverWith();

  it('[6.3.1] have 100 guesses in 15 minutes together', async () => {
    const { email, password } = await server.person();
    expect(statuses(await flood(email, 300))).toEqual({ 401: 100, 429: 200 });
    const refused = await logIn(email, password, anywhere());
    expect(refused.status).toBe(429);
    expect(fields(refused)[2]).toBe('"account";q=100;w=900');
    server.clock.advance(QUARTER);
    expect((await logIn(email, password, anywhere())).status).toBe(200);
  });

  it('do not shut the owner out of a network they have signed in from', async () => {
    const { email, password } = await server.person();
    const home = anywhere();
    expect((await logIn(email, password, home)).status).toBe(200);
    expect(statuses(await flood(email))).toEqual({ 401: 100, 429: 20 });
    expect((await logIn(email, password, home)).status).toBe(200);
    expect((await logIn(email, password, anywhere())).status).toBe(429);
    // Which has a budget all the same.
    expect(await useUp(() => logIn(email, wrong(), home))).toBe(10);
    expect((await logIn(email, password, home)).status).toBe(429);
  });

  it('do not shut out a browser they have signed in with, wherever it is', async () => {
    const person = await server.person();
    const cookie = await deviceCookie(person);
    const address = anywhere();
    expect(await useUp(() => logIn(person.email, wrong(), address))).toBe(10);
    await flood(person.email);
    expect((await logIn(person.email, PASSWORD, address)).status).toBe(429);
    expect((await logIn(person.email, PASSWORD, address, { cookie })).status).toBe(200);
    expect((await logIn(person.email, PASSWORD, anywhere(), { cookie })).status).toBe(200);
    server.clock.advance(QUARTER);
    const guess = () => logIn(person.email, wrong(), anywhere(), { cookie });
    expect(await useUp(guess)).toBe(10);
  });

  it('do not keep the owner from a new password', async () => {
    const { email } = await server.person();
    await flood(email);
    await server.post('/auth/password/forgot', { email }, from(anywhere()));
    const { token } = await server.newestMail(email);
    const password = 'a wholly new password';
    const reset = await server.post('/auth/password/reset', { token, password }, from(anywhere()));
    expect(reset.status).toBe(204);
    server.clock.advance(QUARTER);
    expect((await logIn(email, password, anywhere())).status).toBe(200);
  });

  it('do not keep whoever sets a new password on the road from signing in with it there', async () => {
    const { email } = await server.person();
    const [hotel, password] = [anywhere(), 'a wholly new password'];
    await useUp(() => logIn(email, wrong(), hotel));
    await flood(email);
    await server.post('/auth/password/forgot', { email }, from(hotel));
    const { token } = await server.newestMail(email);
    const reset = await server.post(
      '/auth/password/reset',
      { token, password },
      from(hotel, BROWSER),
    );
    const cookie = reset.headers.get('set-cookie')!.split(';')[0]!;
    expect(cookie).toContain(COOKIE);
    expect((await logIn(email, password, hotel, { cookie })).status).toBe(200);
    expect((await logIn(email, password, anywhere())).status).toBe(429);
  });

  it('do not keep a new account, or one that has moved, from its first sign-in', async () => {
    const [email, moved] = ['first@example.org', 'moved@example.org'];
    const home = anywhere();
    await flood(email);
    await server.post('/auth/register', { email, password: PASSWORD }, from(home));
    const { token } = await server.newestMail(email);
    await server.post('/auth/verify-email', { token }, from(home));
    const signedIn = await logIn(email, PASSWORD, home);
    expect(signedIn.status).toBe(200);

    await flood(moved);
    await server.post(
      '/auth/email/change',
      { newEmail: moved, currentPassword: PASSWORD },
      { ...from(home), bearer: signedIn.body.access_token },
    );
    const { token: confirmation } = await server.newestMail(moved);
    await server.post('/auth/email/confirm', { token: confirmation }, from(home));
    expect((await logIn(moved, PASSWORD, home)).status).toBe(200);
    expect((await logIn(moved, PASSWORD, anywhere())).status).toBe(429);
  });

  it('do not keep whoever is signed in from changing the password', async () => {
    const person = await server.person();
    await flood(person.email);
    const change = { currentPassword: PASSWORD, newPassword: 'a wholly new password' };
    expect((await server.post('/auth/password/change', change, as(person))).status).toBe(204);
  });
});

describe('a flood of wrong codes for addresses nobody has, from everywhere', () => {
  serverWith();

  it('[2.4.1] costs no hash, fills no more than the table holds, and pushes nobody’s count out', async () => {
    const { email } = await server.person();
    await flood(email);
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    // A hundred thousand such requests, made in less time than it takes to send them.
    db.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 103999)
       INSERT INTO LimitCount SELECT 'flood ' || i, iif(i % 2, 'token', 'failures'), NULL, 1, 0, 0, 0,
                                     ? + i, FALSE FROM n`,
    ).run(server.clock.now().getTime() + QUARTER);
    db.close();
    const token = `lk_ot_${'A'.repeat(43)}`;
    await atOnce(1600, () => server.post('/auth/verify-email', { token }, from(anywhere())));
    await soon(() => expect(count(server.dataDir, 'LimitCount')).toBeLessThan(102_000));
    expect((await logIn(email, wrong(), anywhere())).status).toBe(429);
  });
});

describe('the device cookie', () => {
  serverWith();

  it('[3.3.1] [3.3.2] [3.3.3] is set at sign-in, for this host alone, out of reach of scripts and other sites', async () => {
    const { email, password } = await server.person();
    const answer = await logIn(email, password, anywhere(), BROWSER);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-latchkey-device=[A-Za-z0-9_-]{48}; Max-Age=15552000; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
  });

  it.each([
    ['a program', {}],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
  ])('is not set for %s', async (_, headers) => {
    const { email, password } = await server.person();
    const answer = await logIn(email, password, anywhere(), headers);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
  });

  it('is not set when the password is wrong', async () => {
    const { email } = await server.person();
    const answer = await logIn(email, wrong(), anywhere(), BROWSER);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
  });

  it('is worth nothing for another account, forged, cut, or half a year old', async () => {
    const [owner, other] = [await server.person(), await server.person()];
    const cookie = await deviceCookie(owner);
    const value = cookie.slice(COOKIE.length + 1);
    const flipped = value.slice(0, -1) + (value.endsWith('A') ? 'Q' : 'A');
    const forged = [
      await deviceCookie(other),
      `${COOKIE}=${flipped}`,
      `${COOKIE}=${value.slice(1)}`,
      `${COOKIE}=${'A'.repeat(48)}`,
      `${COOKIE}=`,
      `x${cookie}`,
    ];
    await flood(owner.email);
    for (const sent of forged) {
      const answer = await logIn(owner.email, PASSWORD, anywhere(), { cookie: sent });
      expect([sent, answer.status]).toEqual([sent, 429]);
    }
    const taken = await logIn(owner.email, PASSWORD, anywhere(), { cookie: `a=b; ${cookie}; c=d` });
    expect(taken.status).toBe(200);

    server.clock.advance(180 * DAY);
    await flood(owner.email);
    expect((await logIn(owner.email, PASSWORD, anywhere(), { cookie })).status).toBe(429);
  });

  it('opens nothing by itself', async () => {
    const person = await server.person();
    const cookie = await deviceCookie(person);
    expect((await server.get('/users/me', { headers: { cookie } })).status).toBe(401);
  });
});

describe('wrong codes', () => {
  serverWith({ LIMIT_MAIL: '1000/1h' });

  const post = (json: object) => server.post('/auth/verify-email', json, from(anywhere()));
  const anyCode = () => String(++guessed % 1e6).padStart(6, '0');

  async function waiting(email: string): Promise<void> {
    await server.post('/auth/register', { email, password: PASSWORD }, from(anywhere()));
    await server.mailSettled();
  }

  it('[41] are ten in 15 minutes for an account, over however many mails', async () => {
    const email = 'waiting@example.org';
    const answers: Answer[] = [];
    for (let challenge = 0; challenge < 20; challenge++) {
      await waiting(email);
      answers.push(...(await atOnce(50, () => post({ email, code: anyCode() }))));
    }
    expect(statuses(answers)).toEqual({ 400: 10, 429: 990 });

    const { code, token } = await server.newestMail(email);
    const refused = await post({ email, code });
    expect([refused.status, fields(refused)[2]]).toEqual([429, '"token";q=10;w=900']);
    expect((await post({ token })).body).toEqual({ status: 'verified' });
  });

  it('[41] are limited alike for an address that waits for nothing', async () => {
    const answers = await atOnce(50, () => post({ email: 'nobody@example.org', code: anyCode() }));
    expect(statuses(answers)).toEqual({ 400: 10, 429: 40 });
  });

  it('leave the right one its chance once the window is over', async () => {
    const email = 'patient@example.org';
    await atOnce(20, () => post({ email, code: anyCode() }));
    server.clock.advance(QUARTER);
    await waiting(email);
    const { code } = await server.newestMail(email);
    expect((await post({ email, code })).body).toEqual({ status: 'verified' });
  });
});

describe('administrators', () => {
  serverWith();

  let admin: Person;
  beforeAll(async () => {
    admin = await server.administrator();
  });

  it('see what has been counted for an account', async () => {
    const person = await server.person();
    const path = `/users/${person.id}/limits`;
    expect((await server.get(path, as(admin))).body).toEqual({ items: [] });
    await logIn(person.email, wrong(), anywhere());
    await logIn(person.email, wrong(), anywhere());
    const { body } = await server.get(path, as(admin));
    expect(body.items.map(({ endsAt: _, ...item }: { endsAt: string }) => item)).toEqual([
      { limit: 'account', count: 2, max: 100 },
      { limit: 'login', count: 1, max: 10 },
      { limit: 'login', count: 1, max: 10 },
    ]);
    for (const { endsAt } of body.items) {
      const left = Date.parse(endsAt) - server.clock.now().getTime();
      expect(left).toBeGreaterThan(14 * MINUTE);
      expect(left).toBeLessThanOrEqual(QUARTER);
    }
  });

  it('lift it, which counts at once and stands in the audit trail', async () => {
    const person = await server.person();
    const address = anywhere();
    await useUp(() => logIn(person.email, wrong(), address));
    await flood(person.email);
    expect((await logIn(person.email, PASSWORD, address)).status).toBe(429);
    const path = `/users/${person.id}/limits`;
    expect((await server.delete(path, as(admin))).status).toBe(204);
    expect((await logIn(person.email, PASSWORD, address)).status).toBe(200);
    expect((await server.get(path, as(admin))).body).toEqual({ items: [] });
    const lifted = rows(
      server.dataDir,
      `SELECT actor, subject FROM AuditEvent WHERE type = 'limits.lifted'`,
    );
    expect(lifted).toEqual([{ actor: admin.id, subject: person.id }]);
  });

  it('need the permission, and an account', async () => {
    const person = await server.person();
    const path = `/users/${person.id}/limits`;
    for (const answer of [
      await server.get(path, as(person)),
      await server.delete(path, as(person)),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'permission_required']);
    }
    const nobody = '/users/019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11/limits';
    expect((await server.get(nobody, as(admin))).status).toBe(404);
    expect((await server.delete(nobody, as(admin))).status).toBe(404);
  });
});

describe('what is told of failures', () => {
  serverWith();

  function heard<Name extends keyof SecurityEventMap>(name: Name): SecurityEventMap[Name][] {
    const events: SecurityEventMap[Name][] = [];
    server.app.get(SecurityEvents).on(name, (event) => events.push(event));
    return events;
  }

  const burstsOf = ({ id }: Person) =>
    count(server.dataDir, 'AuditEvent', `type = 'login.failed_burst' AND subject = ?`, id);

  it('is one line in the audit trail and one in the log, when a limit is reached, not one each', async () => {
    const person = await server.person();
    const address = anywhere();
    await useUp(() => logIn(person.email, wrong(), address));
    await soon(() => expect(burstsOf(person)).toBe(1));
    // Written behind the answer, and still with the address it was about.
    const line = `type = 'login.failed_burst' AND ip = ?`;
    expect(count(server.dataDir, 'AuditEvent', line, address)).toBe(1);
    await flood(person.email, 300);
    await useUp(() => logIn(person.email, wrong(), anywhere()));
    expect(burstsOf(person)).toBe(1);
    const lines = server.logLines.filter((line) => line.includes('sign-in is slowed down'));
    expect(lines.map((line) => JSON.parse(line).userId)).toEqual([person.id]);
    expect(lines[0]).not.toContain(person.email);

    server.clock.advance(QUARTER);
    await flood(person.email);
    await soon(() => expect(burstsOf(person)).toBe(2));
  });

  it('is nothing in the audit trail for an address nobody has', async () => {
    const before = count(server.dataDir, 'AuditEvent');
    await flood('nobody@example.org');
    expect(count(server.dataDir, 'AuditEvent')).toBe(before);
  });

  it('[6.3.5] is, at the sign-in that follows, how many there were', async () => {
    const person = await server.person();
    const succeeded = heard('sign-in.succeeded');
    const failed = heard('sign-in.failed');
    const home = anywhere();
    await atOnce(30, () => logIn(person.email, wrong(), anywhere()));
    expect((await logIn(person.email, PASSWORD, home)).status).toBe(200);
    expect(failed).toHaveLength(30);
    expect(new Set(failed.map(({ reason }) => reason))).toEqual(new Set(['invalid_credentials']));
    expect(failed[0]!.userId).toBe(person.id);
    expect(succeeded).toEqual([
      {
        userId: person.id,
        accountKey: failed[0]!.accountKey,
        network: home,
        newDevice: true,
        failuresBefore: 30,
      },
    ]);
  });

  it('is told of refusals, registrations, old tokens, ended sessions and raised permissions', async () => {
    const names = [
      'limit.refused',
      'registration',
      'refresh.reused',
      'ended-session.used',
      'permission.raised',
    ] as const;
    const all = Object.fromEntries(names.map((name) => [name, heard(name)]));
    const person = await server.person();
    const admin = await server.administrator();
    await flood(person.email, 101);
    const { refreshToken } = person;
    const refresh = () => server.post('/auth/refresh', { refresh_token: refreshToken });
    const { body } = await refresh();
    await server.post('/auth/refresh', { refresh_token: body.refresh_token });
    server.clock.advance(MINUTE);
    expect((await refresh()).body.code).toBe('refresh_token_reused');
    expect((await server.get('/users/me', as(person))).body.code).toBe('token_revoked');
    await server.put(`/users/${person.id}/roles`, { roles: ['user', 'admin'] }, as(admin));

    expect(all['limit.refused']).toMatchObject([{ limit: 'account' }]);
    expect(all.registration).toHaveLength(1);
    expect(all['refresh.reused']).toMatchObject([{ userId: person.id }]);
    expect(all['ended-session.used']).toMatchObject([{ userId: person.id }]);
    expect(all['permission.raised']).toMatchObject([{ actor: admin.id, subject: person.id }]);
  });
});
