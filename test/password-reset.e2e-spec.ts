import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RequestOptions } from './support/client.js';
import { MINUTE, SECOND } from './support/clock.js';
import { as, pointers } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { exchange } from './support/raw.js';
import { count, databaseBytes, digest, rows } from './support/rows.js';
import { type CapturedMail, PASSWORD, type Person, TestServer } from './support/server.js';

const NEW = 'wholly different words here';

let server: TestServer;
let admin: Person;
let addresses = 0;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
});
afterAll(() => server.stop());

function newAddress(): string {
  return `unknown${++addresses}@example.org`;
}

function forgot(email: string): Promise<Answer> {
  return server.post('/auth/password/forgot', { email });
}

function reset(token: string | null, password = NEW): Promise<Answer> {
  return server.post('/auth/password/reset', { token, password });
}

/** The mail with the link that was asked for. */
async function resetMail(email: string): Promise<CapturedMail & { token: string }> {
  await forgot(email);
  return (await server.newestMail(email)) as CapturedMail & { token: string };
}

async function login(email: string, password: string): Promise<number> {
  return (await server.post('/auth/login', { email, password })).status;
}

function invalidToken({ status, body }: Answer): boolean {
  return status === 400 && body.code === 'token_invalid';
}

/** By password, because the tests move time past the end of any token. */
function asAdmin(): RequestOptions {
  return { basic: [admin.email, admin.password] };
}

/** All that tells one answer from another, apart from what differs at every request. */
function appearance({ status, text, headers }: Answer): object {
  const { date: _, 'x-request-id': __, ...rest } = Object.fromEntries(headers);
  return { status, text, headers: rest };
}

describe('a forgotten password', () => {
  it('[6.3.8] [F30] is answered alike whoever asks for whom', async () => {
    const confirmed = await server.person();
    const disabled = await server.person();
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, asAdmin());
    const invited = newAddress();
    await server.post('/users', { email: invited }, asAdmin());
    const waiting = newAddress();
    await server.post('/auth/register', { email: waiting, password: PASSWORD });

    const unknown = appearance(await forgot(newAddress()));
    expect(unknown).toMatchObject({ status: 202 });
    for (const email of [confirmed.email, disabled.email, invited, waiting]) {
      expect(appearance(await forgot(email))).toEqual(unknown);
    }
  });

  it('is replaced by way of a mailed link, with the token behind the #', async () => {
    const person = await server.person();
    const { link, token } = await resetMail(person.email);
    expect(link).toBe(`${server.publicUrl}/auth/password/reset#token=${token}`);
    const answer = await reset(token);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await login(person.email, PASSWORD)).toBe(401);
    expect(await login(person.email, NEW)).toBe(200);
  });

  it('mails nobody without an account, and nobody whose account is disabled', async () => {
    const disabled = await server.person();
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, asAdmin());
    const before = (await server.mailbox(disabled.email)).length;
    await forgot(disabled.email);
    expect(await server.mailbox(disabled.email)).toHaveLength(before);
    const unknown = newAddress();
    await forgot(unknown);
    expect(await server.mailbox(unknown)).toEqual([]);
  });

  it('finds the account under every spelling of its address, and mails the one it knows', async () => {
    const person = await server.person();
    await forgot(` ${person.email.toUpperCase()} `);
    const mail = await server.newestMail(person.email);
    expect([mail.to, (await reset(mail.token)).status]).toEqual([person.email, 204]);
  });

  it('[F18] with an evil Host leads nowhere but to the configured address', async () => {
    const person = await server.person();
    const json = JSON.stringify({ email: person.email });
    const send = (target: string, ...headers: string[]) =>
      exchange(
        server.url,
        [
          `POST ${target} HTTP/1.1`,
          ...headers,
          'Connection: close',
          'Content-Type: application/json',
          `Content-Length: ${Buffer.byteLength(json)}`,
          '',
          json,
        ].join('\r\n'),
      );
    const path = '/auth/password/forgot';
    const evil: [status: number, target: string, ...headers: string[]][] = [
      [202, path, 'Host: evil.example'],
      [202, path, 'Host: localhost', 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: http'],
      [202, path, 'Host: localhost', 'X-Forwarded-Port: 666', 'X-Original-URI: /evil.example'],
      [202, path, 'Host: localhost', 'Forwarded: host=evil.example;proto=http;for=6.6.6.6'],
      [
        202,
        path,
        'Host: localhost',
        'Origin: https://evil.example',
        'Referer: https://evil.example/',
      ],
      [400, path, 'Host: localhost', 'Host: evil.example'],
      [400, `http://evil.example${path}`, 'Host: localhost'],
    ];
    for (const [status, target, ...headers] of evil) {
      expect([(await send(target, ...headers)).status, headers]).toEqual([status, headers]);
    }
    const mails = await server.mailbox(person.email);
    const links = mails.filter(({ link }) => link?.includes('/auth/password/reset'));
    expect(links).toHaveLength(5);
    for (const mail of links) {
      expect(mail.link).toBe(`${server.publicUrl}/auth/password/reset#token=${mail.token}`);
      expect(mail.text + mail.html).not.toMatch(/evil|666/);
    }
  });
});

describe('a reset', () => {
  it('[7.4.3] ends every session, and signs nobody in [6.4.3]', async () => {
    const here = await server.person();
    const there = await server.signIn(here.email);
    const answer = await reset((await resetMail(here.email)).token);
    expect(answer.headers.get('set-cookie')).toBeNull();
    for (const { accessToken, refreshToken } of [here, there]) {
      expect((await server.get('/users/me', { bearer: accessToken })).status).toBe(401);
      const refreshed = await server.post('/auth/refresh', { refresh_token: refreshToken });
      expect([refreshed.status, refreshed.body.code]).toEqual([401, 'session_ended']);
    }
    const basic: RequestOptions = { basic: [here.email, PASSWORD] };
    expect((await server.get('/users/me', basic)).status).toBe(401);
  });

  it('[F22] kills every other one-time token', async () => {
    const person = await server.person();
    const to = newAddress();
    await server.post(
      '/auth/email/change',
      { newEmail: to, currentPassword: PASSWORD },
      as(person),
    );
    const confirmation = await server.newestMail(to);
    const cancellation = await server.newestMail(person.email);
    await reset((await resetMail(person.email)).token);
    for (const [path, { token }] of [
      ['/auth/email/confirm', confirmation],
      ['/auth/email/cancel', cancellation],
    ] as const) {
      expect(invalidToken(await server.post(path, { token }))).toBe(true);
    }
  });

  it('[6.3.7] tells the owner by mail', async () => {
    const person = await server.person();
    await reset((await resetMail(person.email)).token);
    const mail = await server.newestMail(person.email);
    expect(mail.link).toMatch(/\/auth\/not-me#token=/);
    expect(mail.text).not.toContain(NEW);
  });

  it('[F26] confirms an address that was not, because the mail has proved it', async () => {
    const email = newAddress();
    await server.post('/auth/register', { email, password: 'squatting here for long' });
    const verification = await server.newestMail(email);
    expect((await reset((await resetMail(email)).token)).status).toBe(204);
    expect(await login(email, NEW)).toBe(200);
    expect(await login(email, 'squatting here for long')).toBe(401);
    const late = await server.post('/auth/verify-email', { token: verification.token });
    expect(invalidToken(late)).toBe(true);
    const [{ id }] = rows(server.dataDir, 'SELECT id FROM User WHERE emailKey = ?', email);
    const lines = rows(server.dataDir, 'SELECT type FROM AuditEvent WHERE subject = ?', id);
    expect(lines.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['user.verified', 'password.changed']),
    );
  });

  it('meets the same policy, and a refused password does not spend the token', async () => {
    const person = await server.person();
    const { token } = await resetMail(person.email);
    for (const [password, code] of [
      ['short', 'too_short'],
      ['password', 'too_common'],
      [`${person.email.split('@')[0]} and more words`, 'contains_personal_data'],
    ] as const) {
      const answer = await reset(token, password);
      expect([answer.status, answer.body.code]).toEqual([422, 'password_rejected']);
      expect(answer.body.errors.map((error: { code: string }) => error.code)).toContain(code);
      expect(new Set(pointers(answer))).toEqual(new Set(['/password']));
    }
    expect((await reset(token)).status).toBe(204);
  });
});

describe('a reset token', () => {
  it('[F20] [2.3.4] [15.4.2] used two hundred times at once sets one password', async () => {
    const person = await server.person();
    const { token } = await resetMail(person.email);
    const wanted = (nr: number) => `wholly different words nr ${nr}`;
    const answers = await atOnce(200, (nr) => reset(token, wanted(nr)));
    const statuses = answers.map(({ status }) => status);
    expect(tally(statuses)[204]).toBe(1);
    // Those who found it spent, and those for whom there was no room to hash.
    expect(statuses.filter((status) => ![204, 400, 503].includes(status))).toEqual([]);
    expect(await login(person.email, wanted(statuses.indexOf(204)))).toBe(200);
    expect(invalidToken(await reset(token))).toBe(true);
    const changed = `type = 'password.changed' AND subject = ?`;
    expect(count(server.dataDir, 'AuditEvent', changed, person.id)).toBe(1);
  });

  it('of the newest mail alone works', async () => {
    const person = await server.person();
    const older = await resetMail(person.email);
    const newer = await resetMail(person.email);
    expect(invalidToken(await reset(older.token))).toBe(true);
    expect((await reset(newer.token)).status).toBe(204);
    expect(invalidToken(await reset(older.token))).toBe(true);
  });

  it('[6.4.1] works for half an hour', async () => {
    const person = await server.person();
    const early = await resetMail(person.email);
    server.clock.advance(30 * MINUTE - 20 * SECOND);
    expect((await reset(early.token)).status).toBe(204);
    const late = await resetMail(person.email);
    server.clock.advance(30 * MINUTE);
    expect(invalidToken(await reset(late.token))).toBe(true);
    expect(await login(person.email, NEW)).toBe(200);
  });

  it('[F24] is not spent by GET and HEAD', async () => {
    const person = await server.person();
    const { token } = await resetMail(person.email);
    await server.settled();
    const before = digest(server.dataDir);
    for (const method of ['HEAD', 'HEAD', 'HEAD', 'GET', 'GET', 'GET']) {
      const answer = await server.send(method, '/auth/password/reset');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect(digest(server.dataDir)).toBe(before);
    expect((await reset(token)).status).toBe(204);
  });

  it('[F21] [15.3.5] that is missing, null, empty or no text touches nobody', async () => {
    await resetMail((await server.person()).email);
    await server.settled();
    const before = digest(server.dataDir);
    for (const token of [undefined, null, {}, { not: '' }, ['x'], true, 1, '']) {
      const answer = await server.post('/auth/password/reset', { token, password: NEW });
      expect([token, answer.status]).toEqual([token, 400]);
    }
    expect(digest(server.dataDir)).toBe(before);
  });

  it('dies with the account, with its address, and when it is disabled', async () => {
    const people = [await server.person(), await server.person(), await server.person()] as const;
    const tokens = [];
    for (const { email } of people) tokens.push((await resetMail(email)).token);
    const [deleted, moved, disabled] = people;
    await server.delete(`/users/${deleted.id}`, asAdmin());
    const to = newAddress();
    await server.post(
      '/auth/email/change',
      { newEmail: to, currentPassword: PASSWORD },
      {
        basic: [moved.email, PASSWORD],
      },
    );
    await server.post('/auth/email/confirm', { token: (await server.newestMail(to)).token });
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, asAdmin());
    for (const token of tokens) expect(invalidToken(await reset(token))).toBe(true);
    expect(await login(to, PASSWORD)).toBe(200);
  });

  it('is nowhere in the database nor in the log', async () => {
    const person = await server.person();
    const { token } = await resetMail(person.email);
    await reset(token);
    expect(databaseBytes(server.dataDir).includes(token)).toBe(false);
    expect(server.logLines.join('')).not.toContain(token.slice(6));
  });
});

describe('administrators', () => {
  const start = (id: string, options: RequestOptions, json?: object) =>
    server.post(`/users/${id}/password-reset`, json, options);

  it('[6.4.6] start a reset by mail: the present password works until then', async () => {
    const person = await server.person();
    const answer = await start(person.id, asAdmin());
    expect(answer.status).toBe(202);
    expect(await login(person.email, PASSWORD)).toBe(200);
    const { token } = await server.newestMail(person.email);
    expect(answer.text).not.toContain(token);
    expect((await reset(token)).status).toBe(204);
    expect(await login(person.email, NEW)).toBe(200);
  });

  it('[6.4.6] choose no password for anybody, by whatever field', async () => {
    const person = await server.person();
    await server.settled();
    const before = digest(server.dataDir);
    const attempts = [
      await server.patch(`/users/${person.id}`, { password: NEW }, asAdmin()),
      await server.patch(`/users/${person.id}`, { passwordHash: NEW }, asAdmin()),
      await server.post('/users', { email: newAddress(), password: NEW }, asAdmin()),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(digest(server.dataDir)).toBe(before);
    const put = await server.put(`/users/${person.id}/password`, { password: NEW }, asAdmin());
    expect([404, 405]).toContain(put.status);
  });

  it('need users:write, and an account that is there', async () => {
    const person = await server.person();
    const other = await server.person();
    expect((await start(person.id, as(other))).body.code).toBe('permission_required');
    expect((await start(person.id, {})).body.code).toBe('token_missing');
    for (const id of ['019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11', 'x']) {
      expect((await start(id, asAdmin())).status).toBe(404);
    }
  });

  it('cannot for an account that is disabled, or was only invited', async () => {
    const disabled = await server.person();
    await server.patch(`/users/${disabled.id}`, { status: 'disabled' }, asAdmin());
    const invited = await server.post('/users', { email: newAddress() }, asAdmin());
    for (const id of [disabled.id, invited.body.id]) {
      const answer = await start(id, asAdmin());
      expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
    }
  });
});

describe('while sign-in is limited', () => {
  it('[F44] whoever is kept out by wrong guesses can reset', async () => {
    server = await server.restart({ RATE_LIMITS: 'on' });
    server.clock.stop();
    const person = await server.person();
    await atOnce(100, (nr) =>
      server.post('/auth/login', { email: person.email, password: `guess nr ${nr}` }),
    );
    expect(await login(person.email, PASSWORD)).toBe(429);
    const { token } = await resetMail(person.email);
    expect((await reset(token)).status).toBe(204);
  });
});
