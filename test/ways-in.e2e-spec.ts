import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './support/client.js';
import { DAY } from './support/clock.js';
import { as, pointers } from './support/people.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

/** Every way by which somebody could come into an account, held to the same rules. */

const NEW = 'wholly different words here';

let server: TestServer;
let admin: Person;
let people = 0;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
});
afterAll(() => server.stop());

function sessions(): number {
  return count(server.dataDir, 'Session');
}

async function tokenFrom(box: string): Promise<string> {
  return (await server.newestMail(box)).token!;
}

async function setStatus({ id }: Person, status: 'disabled' | 'active'): Promise<void> {
  const answer = await server.patch(`/users/${id}`, { status }, as(admin));
  expect(answer.status).toBe(200);
}

/** Tries the password by each scheme there is; gives the codes of the refusals. */
async function codesByPassword(email: string, password: string): Promise<(string | undefined)[]> {
  const basic: [string, string] = [email, password];
  const answers = [
    await server.post('/auth/login', { email, password }),
    await server.send('POST', '/auth/login', { basic }),
    await server.get('/users/me', { basic }),
    await server.post(
      '/auth/email/change',
      { newEmail: 'x@y.org', currentPassword: PASSWORD },
      {
        basic,
      },
    ),
  ];
  return answers.map(({ body }) => body.code);
}

describe('[6.3.4] [7.4.2] a disabled account', () => {
  it('is closed on every way in, and what was mailed before stays worthless', async () => {
    const person = await server.person();
    await server.post('/auth/password/forgot', { email: person.email });
    const reset = await tokenFrom(person.email);
    await setStatus(person, 'disabled');

    expect(await codesByPassword(person.email, PASSWORD)).toEqual(
      Array(4).fill('account_disabled'),
    );
    expect((await server.get('/users/me', as(person))).body.code).toBe('token_revoked');
    const refresh = { refresh_token: person.refreshToken };
    expect((await server.post('/auth/refresh', refresh)).body.code).toBe('session_ended');
    const chosen = { token: reset, password: NEW };
    expect((await server.post('/auth/password/reset', chosen)).body.code).toBe('token_invalid');
    await server.post('/auth/password/forgot', { email: person.email });
    await server.post('/auth/verify-email/resend', { email: person.email });
    await server.post('/auth/register', { email: person.email, password: NEW });
    for (const { token } of await server.mailbox(person.email)) {
      if (token === null) continue;
      await server.post('/auth/verify-email', { token });
      const again = await server.post('/auth/password/reset', { token, password: NEW });
      expect(again.body.code).toBe('token_invalid');
    }

    await setStatus(person, 'active');
    expect((await server.post('/auth/refresh', refresh)).body.code).toBe('session_ended');
    expect((await server.post('/auth/password/reset', chosen)).body.code).toBe('token_invalid');
    expect((await server.signIn(person.email)).id).toBe(person.id);
  });
});

describe('[6.3.4] an account whose address nobody has confirmed', () => {
  it('is closed on every way in', async () => {
    const email = `waiting${++people}@example.org`;
    await server.post('/auth/register', { email, password: PASSWORD });
    expect(await codesByPassword(email, PASSWORD)).toEqual(Array(4).fill('email_not_verified'));
    expect(await codesByPassword(email, NEW)).toEqual(Array(4).fill('invalid_credentials'));
  });
});

describe('[6.3.6] whoever reads the mailbox alone', () => {
  it('gets no session by any mailed link or code', async () => {
    const person = await server.person();
    const to = `new${++people}@example.org`;
    await server.post(
      '/auth/email/change',
      { newEmail: to, currentPassword: PASSWORD },
      as(person),
    );
    const [cancel, change] = [await tokenFrom(person.email), await tokenFrom(to)];
    const waiting = `waiting${++people}@example.org`;
    await server.post('/auth/register', { email: waiting, password: PASSWORD });
    const { token: verify } = await server.newestMail(waiting);
    const coded = `waiting${++people}@example.org`;
    await server.post('/auth/register', { email: coded, password: PASSWORD });
    const { code } = await server.newestMail(coded);
    const invited = `invited${++people}@example.org`;
    await server.post('/users', { email: invited }, as(admin));
    const invitation = await tokenFrom(invited);
    const forgetful = await server.person();
    await server.post('/auth/password/forgot', { email: forgetful.email });
    const reset = await tokenFrom(forgetful.email);
    const before = sessions();

    const used: [Answer, number][] = [
      [await server.post('/auth/email/confirm', { token: change }), 200],
      [await server.post('/auth/email/cancel', { token: cancel }), 400],
      [await server.post('/auth/verify-email', { token: verify }), 200],
      [await server.post('/auth/verify-email', { email: coded, code }), 200],
      [await server.post('/auth/password/reset', { token: invitation, password: NEW }), 204],
      [await server.post('/auth/password/reset', { token: reset, password: NEW }), 204],
      [await server.post('/auth/not-me', { token: await tokenFrom(forgetful.email) }), 204],
    ];
    for (const [answer, status] of used) {
      expect(answer.status).toBe(status);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.text).not.toMatch(/access_token|refresh_token|eyJ|lk_rt_/);
    }
    expect(sessions()).toBe(before);
  });
});

describe('[6.4.2] no account', () => {
  it('has a hint, or a question whose answer opens it', () => {
    const api = readFileSync(new URL('../docs/openapi.json', import.meta.url), 'utf8');
    const columns = rows<{ sql: string }>(server.dataDir, 'SELECT sql FROM sqlite_master');
    const fields = api.match(/"[A-Za-z_]+"(?=:)/g)!;
    expect(fields.length).toBeGreaterThan(100);
    const aboutTokens = '"token_type_hint"'; // RFC 7662 section 2.1
    expect(
      fields.filter(
        (name) => name !== aboutTokens && /hint|question|answer|secretWord/i.test(name),
      ),
    ).toEqual([]);
    expect(columns.map(({ sql }) => sql).join('\n')).not.toMatch(/hint|question|answer/i);
  });
});

describe('[6.2.10] a password that is 400 days old', () => {
  it('works on every way in, and nobody is told to change it', async () => {
    const person = await server.person();
    const before = (await server.mailbox(person.email)).length;
    server.clock.advance(400 * DAY);
    expect((await server.get('/users/me', { basic: [person.email, PASSWORD] })).status).toBe(200);
    expect((await server.signIn(person.email)).id).toBe(person.id);
    const news = (await server.mailbox(person.email)).slice(0, -before);
    expect(news.filter(({ subject }) => /password/i.test(subject))).toEqual([]);
  });
});

describe('[F32] [F34] [F35] an address that hides a second one', () => {
  it.each([
    'ada＠example.org',
    'ada@example。org',
    'ada@example.org\u037e',
    'ada\u1fefx@example.org',
    '"e@attacker.example"@example.org',
    'ada@example.org,e@attacker.example',
    'ada@example.org>',
    'ada@example.org\r\nBcc: e@attacker.example',
    'ada\0@example.org',
    'ada\u007f@example.org',
  ])('is refused wherever one can be sent, and mails nobody: %j', async (email) => {
    const basic: [string, string] = [admin.email, admin.password];
    const mails = count(server.dataDir, 'OutboxMail');
    const answers = [
      await server.post('/auth/password/forgot', { email }),
      await server.post('/auth/verify-email/resend', { email }),
      await server.post('/auth/verify-email', { email, code: '123456' }),
      await server.post('/auth/login', { email, password: PASSWORD }),
      await server.post('/users', { email }, { basic }),
      await server.post('/setup', { token: 'x', email, password: PASSWORD }),
    ];
    for (const answer of answers)
      expect([answer.status, pointers(answer)]).toEqual([400, ['/email']]);
    expect(count(server.dataDir, 'OutboxMail')).toBe(mails);
  });
});

describe('[6.3.8] [F30] [F31] what the limits say', () => {
  let networks = 0;

  /** Sends it from a network of its own until it is refused; what was said of limits on the way. */
  async function saidOfLimits(path: string, json: object): Promise<string[]> {
    const headers = { 'x-forwarded-for': `198.51.100.${++networks}` };
    const said: string[] = [];
    for (let nr = 0; nr < 120 && !said.at(-1)?.startsWith('429'); nr++) {
      const answer = await server.post(path, json, { headers });
      const limits = ['ratelimit', 'ratelimit-policy'].map((name) => answer.headers.get(name));
      const waits = answer.headers.has('retry-after');
      said.push(`${answer.status} ${limits.join(' ').replaceAll(/;t=\d+/g, '')} ${waits}`);
    }
    return said;
  }

  beforeAll(async () => {
    server = await server.restart({ RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' });
    server.clock.stop();
  });

  it.each([
    ['/auth/login', { password: NEW }],
    ['/auth/verify-email', { code: '000000' }],
    ['/auth/password/forgot', {}],
    ['/auth/verify-email/resend', {}],
    ['/auth/register', { password: NEW }],
  ])('is the same for known and unknown: %s', async (path, more) => {
    const { email } = await server.person();
    const waiting = `limited${++people}@example.org`;
    await server.post('/auth/register', { email: waiting, password: PASSWORD });
    await server.mailSettled();
    const unknown = await saidOfLimits(path, { email: `nobody${++people}@example.org`, ...more });
    for (const known of [email, waiting]) {
      expect(await saidOfLimits(path, { email: known, ...more })).toEqual(unknown);
    }
  });
});
