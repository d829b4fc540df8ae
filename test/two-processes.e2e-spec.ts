import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Answer } from './support/client.js';
import { atOnce, tally } from './support/races.js';
import { ServerProcess } from './support/process.js';
import { count, rows } from './support/rows.js';

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations/sqlite', import.meta.url));
const PASSWORD = 'correct horse battery staple';
const ADMIN = { ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: PASSWORD };

const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-two-'));
let both: [ServerProcess, ServerProcess];
let people = 0;

/** Each in turn. */
function either(nr: number): ServerProcess {
  return both[nr % 2]!;
}

async function confirmed(): Promise<{ email: string; access: string; refresh: string }> {
  const email = `person${++people}@example.org`;
  await both[0].post('/auth/register', { email, password: PASSWORD });
  const { token } = await both[0].mail(email);
  await both[1].post('/auth/verify-email', { token });
  const { body } = await both[0].post('/auth/login', { email, password: PASSWORD });
  return { email, access: body.access_token, refresh: body.refresh_token };
}

/** In force at another process within a second; here it is waited for a little longer. */
function soon(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 5000, interval: 50 });
}

beforeAll(async () => {
  const env = { PUBLIC_URL: 'http://localhost:4999', ...ADMIN };
  both = await Promise.all([ServerProcess.start(env, dataDir), ServerProcess.start(env, dataDir)]);
});
afterAll(async () => {
  await Promise.all(both.map((server) => server.end('SIGKILL')));
  rmSync(dataDir, { recursive: true, force: true });
});

describe('two processes that start at once in an empty folder', () => {
  it('make one database, one master key and one signing key', async () => {
    const migrations = readdirSync(MIGRATIONS).filter((name) => !name.endsWith('.toml'));
    expect(rows(dataDir, 'SELECT migration_name AS name FROM _prisma_migrations')).toEqual(
      migrations.map((name) => ({ name })),
    );
    expect(count(dataDir, 'SigningKey')).toBe(1);
    const [a, b] = await Promise.all(both.map((server) => server.get('/.well-known/jwks.json')));
    expect(a!.body).toEqual(b!.body);
    expect(readdirSync(dataDir).filter((name) => name.includes('.key'))).toEqual(['master.key']);
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
  });

  it('make one administrator', async () => {
    expect(count(dataDir, 'User')).toBe(1);
    expect(count(dataDir, 'AuditEvent', `type = 'administrator.created'`)).toBe(1);
    for (const server of both) {
      const answer = await server.get('/users', { basic: ['admin@example.org', PASSWORD] });
      expect(answer.body.items).toHaveLength(1);
    }
  });
});

describe('two processes on one database', () => {
  it('take the tokens of each other', async () => {
    const { access } = await confirmed();
    for (const server of both) {
      expect((await server.get('/users/me', { bearer: access })).status).toBe(200);
    }
  });

  it('[15.4.2] give two hundred uses of a refresh token at once one successor', async () => {
    const { refresh } = await confirmed();
    const answers = await atOnce(200, (nr) =>
      either(nr).post('/auth/refresh', { refresh_token: refresh }),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 200 });
    const successors = new Set(answers.map(({ body }) => body.refresh_token));
    expect(successors.size).toBe(1);
    const [successor] = successors;
    const next = await both[1].post('/auth/refresh', { refresh_token: successor });
    expect(next.status).toBe(200);
  });

  it('[15.4.2] say verified once to two hundred confirmations at once', async () => {
    const email = `person${++people}@example.org`;
    await both[0].post('/auth/register', { email, password: PASSWORD });
    const { token } = await both[1].mail(email);
    const answers = await atOnce(200, (nr) => either(nr).post('/auth/verify-email', { token }));
    expect(tally(answers.map(({ body }) => body.status))).toEqual({
      verified: 1,
      already_verified: 199,
    });
  });

  it('count the tries of a code together', async () => {
    const email = `person${++people}@example.org`;
    await both[0].post('/auth/register', { email, password: PASSWORD });
    const { code } = await both[0].mail(email);
    const wrong = (nr: number) => ((Number(code) + 1 + nr) % 1_000_000).toString().padStart(6, '0');
    await atOnce(40, (nr) => either(nr).post('/auth/verify-email', { email, code: wrong(nr) }));
    const answer = await both[1].post('/auth/verify-email', { email, code });
    expect(answer.status).toBe(400);
  });

  it('make one account of an address that is registered at both', async () => {
    const email = `person${++people}@example.org`;
    const answers = await atOnce(20, (nr) =>
      either(nr).post('/auth/register', { email, password: `${PASSWORD} ${nr}` }),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 20 });
    expect(count(dataDir, 'User', 'emailKey = ?', email)).toBe(1);
  });

  it('both end a session when one is told to sign out', async () => {
    const { access, refresh } = await confirmed();
    const me = (server: ServerProcess) => server.get('/users/me', { bearer: access });
    expect((await me(both[1])).status).toBe(200);
    await both[0].post('/auth/logout', undefined, { bearer: access });
    expect((await me(both[0])).status).toBe(401);
    await soon(async () => expect((await me(both[1])).body.code).toBe('token_revoked'));
    const answer = await both[1].post('/auth/refresh', { refresh_token: refresh });
    expect(answer.body.code).toBe('session_ended');
  });

  it('both know a disabled account, a taken role and a new password', async () => {
    const { email, access } = await confirmed();
    const basic: [string, string] = ['admin@example.org', PASSWORD];
    const { id } = (await both[0].get('/users/me', { bearer: access })).body;
    const list = (): Promise<Answer> => both[1].get('/users', { bearer: access });
    const byBasic = (): Promise<Answer> => both[1].get('/users/me', { basic: [email, PASSWORD] });
    expect([(await list()).status, (await byBasic()).status]).toEqual([403, 200]);

    await both[0].put(`/users/${id}/roles`, { roles: ['admin'] }, { basic });
    await soon(async () => expect((await list()).status).toBe(200));
    await both[0].put(`/users/${id}/roles`, { roles: ['user'] }, { basic });
    await soon(async () => expect((await list()).status).toBe(403));

    await both[0].patch(`/users/${id}`, { status: 'disabled' }, { basic });
    await soon(async () => expect((await list()).body.code).toBe('token_revoked'));
    await soon(async () => expect((await byBasic()).body.code).toBe('account_disabled'));
    await both[0].patch(`/users/${id}`, { status: 'active' }, { basic });
    await soon(async () => expect((await byBasic()).status).toBe(200));

    await both[0].post('/auth/password/forgot', { email });
    const { token } = await both[0].mail(email);
    await both[0].post('/auth/password/reset', { token, password: 'the new one it is' });
    await soon(async () => expect((await byBasic()).body.code).toBe('invalid_credentials'));
  });

  it('lose nothing when both write at once', async () => {
    const before = count(dataDir, 'OutboxMail');
    const answers = await atOnce(100, (nr) =>
      either(nr).post('/auth/password/forgot', { email: `nobody${nr}@example.org` }),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 100 });
    expect(count(dataDir, 'OutboxMail')).toBe(before + 100);
  });

  it('refuse the old password at once, wherever it was changed', async () => {
    const { email } = await confirmed();
    // The second process remembers the password as right.
    expect((await both[1].post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
    await both[0].post('/auth/password/forgot', { email });
    const { token } = await both[0].mail(email);
    const reset = { token, password: 'another battery, another horse' };
    expect((await both[0].post('/auth/password/reset', reset)).status).toBe(204);
    expect((await both[1].post('/auth/login', { email, password: PASSWORD })).body).toMatchObject({
      code: 'invalid_credentials',
    });
  });
});

describe('limits of two processes on one database', () => {
  const limitedDir = mkdtempSync(join(tmpdir(), 'latchkey-two-limits-'));
  let limited: ServerProcess[];
  let networks = 0;
  let guesses = 0;

  beforeAll(async () => {
    const env = {
      PUBLIC_URL: 'http://localhost:4998',
      RATE_LIMITS: 'on',
      TRUST_PROXY: '1',
      LIMIT_REGISTER: '10/1h',
      ...ADMIN,
    };
    const start = () => ServerProcess.start(env, limitedDir);
    limited = await Promise.all([start(), start()]);
  });
  afterAll(async () => {
    await Promise.all(limited.map((server) => server.end('SIGKILL')));
    rmSync(limitedDir, { recursive: true, force: true });
  });

  const anywhere = () => `198.18.${networks >> 8}.${networks++ & 0xff}`;
  const logIn = (nr: number, password: string, address: string, email = ADMIN.ADMIN_EMAIL) =>
    limited[nr % limited.length]!.post(
      '/auth/login',
      { email, password },
      { headers: { 'x-forwarded-for': address } },
    );
  const statuses = (answers: Answer[]) => tally(answers.map(({ status }) => status));

  it('[6.3.1] let 100 guesses at an account through, of 300 at once from everywhere', async () => {
    const guess = (nr: number) => logIn(nr, `guess ${++guesses}`, anywhere(), 'nobody@example.org');
    expect(statuses(await atOnce(300, guess))).toEqual({ 401: 100, 429: 200 });
  });

  it('let everybody in who is right, a hundred at once', async () => {
    const answers = await atOnce(100, (nr) => logIn(nr, PASSWORD, '192.0.2.1'));
    expect(statuses(answers)).toEqual({ 200: 100 });
  });

  it('count registrations together', async () => {
    const register = (nr: number) =>
      limited[nr % 2]!.post(
        '/auth/register',
        { email: `new${nr}@example.org`, password: PASSWORD },
        { headers: { 'x-forwarded-for': '192.0.2.2' } },
      );
    expect(statuses(await atOnce(30, register))).toEqual({ 202: 10, 429: 20 });
  });
});
