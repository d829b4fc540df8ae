import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../src/auth/api-keys/api-key.js';
import { makeKey } from './support/api-keys.js';
import { basicHeader, type RequestOptions } from './support/client.js';
import { SECOND } from './support/clock.js';
import { ServerProcess } from './support/process.js';
import { databaseBytes } from './support/rows.js';
import { TestServer } from './support/server.js';

/** Passwords that occur nowhere else. */
const FIRST = 'canary sings at dawn 4711';
const SECOND_ONE = 'canary sleeps at dusk 0815';
const WRONG = 'canary that was never right';

/** All that may stand in no log and, apart from the mails waiting to go out, in no database. */
const secrets = new Set([FIRST, SECOND_ONE, WRONG]);

function keep(...values: (string | null)[]): void {
  for (const value of values) if (value !== null) secrets.add(value);
}

/** A secret as such, and as it may be wrapped: in base64, in a URL, as hex. */
function shapes(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
    Buffer.from(secret).toString('hex'),
  ];
}

function found(text: string): string[] {
  return [...secrets].filter((secret) => shapes(secret).some((shape) => text.includes(shape)));
}

let server: TestServer;

describe('a whole story', () => {
  const email = 'linnet@example.org';
  const log: string[] = [];

  /** With everything that should fail beside what should work. */
  beforeAll(async () => {
    server = await TestServer.start();
    const admin = await server.administrator('admin@example.org', SECOND_ONE);
    keep(admin.accessToken, admin.refreshToken);
    const asAdmin: RequestOptions = { bearer: admin.accessToken };

    await server.post('/auth/register', { email, password: 'canary' });
    await server.post('/auth/register', { email, password: FIRST, canary: FIRST });
    await server.post('/auth/register', { email, password: FIRST, name: 'Line\n{"level":60}' });
    await server.post('/auth/register', { email, password: FIRST, name: '"}\\n{"level":60,"x":"' });
    const mail = await server.newestMail(email);
    keep(mail.token);
    await server.post('/auth/verify-email', {
      email,
      code: mail.code === '000000' ? '1' : '000000',
    });
    await server.get(`/auth/verify-email?token=${mail.token}`);
    await server.get(`/nowhere/${mail.token}?password=${encodeURIComponent(FIRST)}`);
    await server.post('/auth/verify-email', { token: mail.token });

    await server.post('/auth/login', { email, password: WRONG });
    await server.post('/auth/login', { email, password: [WRONG] });
    await server.send('POST', '/auth/login', {
      raw: `{"password":"${WRONG}"`,
      headers: { 'content-type': 'application/json' },
    });
    await server.send('POST', '/auth/login', {
      raw: `password=${WRONG}`,
      headers: { 'content-type': 'text/plain' },
    });
    await server.get('/users/me', { basic: [email, WRONG] });
    await server.get('/users/me', { basic: [email, FIRST] });
    const cookie = 'session=canary-cookie-value';
    keep('canary-cookie-value', basicHeader(email, FIRST).slice('Basic '.length));
    const ada = await server.signIn(email, FIRST);
    keep(ada.accessToken, ada.refreshToken);
    await server.get('/users/me', { bearer: ada.accessToken, headers: { cookie } });
    await server.get('/users/me', { bearer: `${ada.accessToken}x` });
    await server.get(`/users/me?access_token=${ada.accessToken}`);
    await server.get('/users', { bearer: ada.accessToken });

    const { key } = (
      await server.post('/auth/api-keys', { name: 'x' }, { bearer: ada.accessToken })
    ).body;
    const unknown = newApiKey(ada.id);
    keep(key, key.slice(0, -6), key.slice(39, -6), unknown);
    await server.get('/users/me', { bearer: unknown });
    await server.get('/users/me', { bearer: key });
    await server.get('/users/me', { headers: { 'x-api-key': key } });
    await server.get('/users/me', { basic: [email, key] });
    await server.get('/users/me', { basic: ['other@example.org', key] });
    await server.get('/users/me', { bearer: `${key.slice(0, -1)}!` });
    await server.get('/users/me', { bearer: WRONG, headers: { 'x-api-key': key } });
    await server.get(`/auth/api-keys/${key}`, { bearer: key });
    await server.delete(`/auth/api-keys/${key}`, { bearer: key });
    await server.get(`/users/me?api_key=${key}`);
    await server.post('/auth/login', { email, password: key });
    await server.post('/auth/api-keys', { name: 'x', key }, { bearer: ada.accessToken });
    keep(basicHeader(email, key).slice('Basic '.length));

    const { body } = await server.post('/auth/refresh', { refresh_token: ada.refreshToken });
    keep(body.access_token, body.refresh_token);
    await server.post('/auth/refresh', { refresh_token: `${body.refresh_token.slice(0, -2)}AA` });
    server.clock.advance(20 * SECOND);
    await server.post('/auth/refresh', { refresh_token: ada.refreshToken });
    await server.post('/auth/logout', { refresh_token: body.refresh_token });

    await server.post('/auth/password/forgot', { email });
    const reset = await server.newestMail(email);
    keep(reset.token);
    await server.post('/auth/password/reset', { token: reset.token, password: SECOND_ONE });
    await server.post('/auth/password/reset', { token: reset.token, password: SECOND_ONE });
    await server.post('/users', { email: 'invited@example.org' }, asAdmin);
    keep((await server.newestMail('invited@example.org')).token);
    await server.patch(`/users/${ada.id}`, { status: 'disabled' }, asAdmin);
    await server.delete(`/users/${ada.id}`, asAdmin);
    log.push(...server.logLines);
  });
  afterAll(() => server.stop());

  it('[16.2.5] leaves no password, token or cookie in the log', () => {
    expect(secrets.size).toBeGreaterThan(12);
    expect(log.length).toBeGreaterThan(30);
    expect(found(log.join(''))).toEqual([]);
  });

  it('leaves no address and no name in the log either', () => {
    for (const text of [email, 'admin@example.org', 'level":60']) {
      expect(log.join('')).not.toContain(text);
    }
  });

  it('[16.2.1] [16.2.4] is one JSON line for each request: when, from where, what, who and how it ended', () => {
    const lines = log.map((line) => JSON.parse(line));
    expect(log.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(
      true,
    );
    const requests = lines.filter((line) => line.method !== undefined);
    expect(requests.length).toBeGreaterThan(30);
    for (const request of requests) {
      expect(request).toMatchObject({
        time: expect.anything(),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        status: expect.any(Number),
        ip: '127.0.0.1',
      });
      if (request.status >= 400) expect(request.code).toBeTypeOf('string');
    }
    expect(requests).toContainEqual(
      expect.objectContaining({
        method: 'POST',
        route: '/auth/login',
        status: 401,
        code: 'invalid_credentials',
      }),
    );
    expect(requests).toContainEqual(
      expect.objectContaining({
        route: '/users/me',
        status: 200,
        scheme: 'Basic',
        userId: expect.any(String),
      }),
    );
  });

  it('[11.3.2] [11.4.1] leaves none of it in clear in the database, its journal or its backups', () => {
    const bytes = databaseBytes(server.dataDir).toString('latin1');
    expect(bytes.length).toBeGreaterThan(50_000);
    expect(found(bytes)).toEqual([]);
    // Nor the mails themselves, nor the key that signs.
    for (const text of ['Confirm your', '#token=', 'PRIVATE KEY'])
      expect(bytes).not.toContain(text);
    expect(bytes).toContain('$2b$04$');
  });

  it('leaves the master key in its own file alone', () => {
    const key = readFileSync(join(server.dataDir, 'master.key'), 'utf8').trim();
    const raw = Buffer.from(key, 'base64').toString('latin1');
    const bytes = databaseBytes(server.dataDir).toString('latin1');
    for (const text of [bytes, log.join('')]) {
      expect(text.includes(key) || text.includes(raw)).toBe(false);
    }
  });
});

describe('a database that fails in the middle of it', () => {
  it.each([
    'User',
    'OneTimeToken',
    'Session',
    'AuditEvent',
    'OutboxMail',
    'CapturedMail',
    'Role',
    'ApiKey',
  ])(
    '[16.5.1] because %s is gone: neither answer nor log holds what was being written',
    async (table) => {
      server = await TestServer.start();
      const email = 'linnet@example.org';
      await server.post('/auth/register', { email: 'waiting@example.org', password: FIRST });
      const { token } = await server.newestMail('waiting@example.org');
      const person = await server.person(email, FIRST);
      const { key } = await makeKey(server, person);
      keep(token, person.accessToken, person.refreshToken, key);
      const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
      db.pragma('foreign_keys = OFF');
      db.exec(`DROP TABLE "${table}"`);
      db.close();

      const answers = [
        await server.post('/auth/register', { email: 'new@example.org', password: SECOND_ONE }),
        await server.post('/auth/verify-email', { token }),
        await server.post('/auth/verify-email/resend', { email: 'waiting@example.org' }),
        await server.post('/auth/login', { email, password: FIRST }),
        await server.get('/users/me', { basic: [email, FIRST] }),
        await server.get('/users/me', { bearer: key }),
        await server.post('/auth/api-keys', { name: 'x' }, { bearer: person.accessToken }),
        await server.post('/auth/refresh', { refresh_token: person.refreshToken }),
        await server.get('/auth/sessions', { bearer: person.accessToken }),
        await server.post('/auth/logout', { refresh_token: person.refreshToken }),
      ];
      await server.mailSettled();
      expect(answers.some(({ status }) => status >= 500)).toBe(table !== 'CapturedMail');
      for (const { status, text, body } of answers) {
        if (status >= 500) expect(body.code).toBe('internal_error');
        expect(text).not.toMatch(/no such table|prisma|sqlite|INSERT|SELECT/i);
      }
      expect(server.logLines.join('')).toMatch(/no such table|does not exist/);
      expect(found(server.logLines.join(''))).toEqual([]);
      expect(server.logLines.join('')).not.toMatch(/linnet@|new@example|waiting@/);
      await server.stop();
    },
  );
});

describe('the output of the process', () => {
  it('is JSON, line by line, and holds no secret but the setup link', async () => {
    const child = await ServerProcess.start();
    await child.post('/auth/register', { email: 'linnet@example.org', password: FIRST });
    const { token } = await child.mail('linnet@example.org');
    await child.post('/auth/verify-email', { token });
    await child.post('/auth/login', { email: 'linnet@example.org', password: FIRST });
    expect(await child.end()).toBe(0);
    keep(token);
    expect(child.lines.length).toBeGreaterThan(5);
    for (const line of child.lines)
      expect(JSON.parse(line)).toMatchObject({ time: expect.any(String) });
    const withoutLink = child.lines.filter((line) => !line.includes('"setupLink"')).join('\n');
    expect(found(withoutLink)).toEqual([]);
    expect(withoutLink).not.toMatch(/linnet@example\.org|lk_su_/);
    rmSync(child.dataDir, { recursive: true });
  });
});
