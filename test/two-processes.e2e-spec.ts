import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LockFile, lockPath } from '../src/database/lock-file.js';
import type { Answer } from './support/client.js';
import { atOnce, patiently, tally } from './support/races.js';
import { ServerProcess } from './support/process.js';
import { count, rows } from './support/rows.js';
import { soon } from './support/soon.js';
import { startTool } from './support/tool.js';

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations/sqlite', import.meta.url));
const PASSWORD = 'correct horse battery staple';
const ADMIN = { ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: PASSWORD };
const ENV = {
  PUBLIC_URL: 'http://localhost:4999',
  // Two hundred requests at once may take a busy machine more than the usual ten seconds.
  REFRESH_GRACE: '60s',
  ...ADMIN,
};

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

beforeAll(async () => {
  both = await Promise.all([ServerProcess.start(ENV, dataDir), ServerProcess.start(ENV, dataDir)]);
});
afterAll(async () => {
  await Promise.all(both.map((server) => server.end('SIGKILL')));
  rmSync(dataDir, { recursive: true, force: true });
});

describe('two processes that start at once in an empty folder', () => {
  it('make one database, one master key, one signing key and one to follow it', async () => {
    const migrations = readdirSync(MIGRATIONS).filter((name) => !name.endsWith('.toml'));
    expect(rows(dataDir, 'SELECT migration_name AS name FROM _prisma_migrations')).toEqual(
      migrations.map((name) => ({ name })),
    );
    expect(count(dataDir, 'SigningKey', `state = 'active'`)).toBe(1);
    expect(count(dataDir, 'SigningKey', `state = 'next'`)).toBe(1);
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

  it('[7.4.1] neither takes a token of a compromised key, from the first request on', async () => {
    const { access, refresh } = await confirmed();
    for (const server of both) {
      expect((await server.get('/users/me', { bearer: access })).status).toBe(200);
    }
    const { body } = await both[0].get('/.well-known/jwks.json');
    const run = await startTool('keys', ['compromise', body.keys[0].kid], dataDir, ENV).done;
    expect(run.code).toBe(0);
    for (const server of both) {
      const answer = await server.get('/users/me', { bearer: access });
      expect([answer.status, answer.body.code]).toEqual([401, 'token_signature_invalid']);
    }
    const next = await both[1].post('/auth/refresh', { refresh_token: refresh });
    const answer = await both[0].get('/users/me', { bearer: next.body.access_token });
    expect(answer.status).toBe(200);
  });

  it('[15.4.2] give two hundred uses of a refresh token at once one successor', async () => {
    const { refresh } = await confirmed();
    const answers = await atOnce(200, (nr) =>
      patiently(() => either(nr).post('/auth/refresh', { refresh_token: refresh })),
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
    const answers = await atOnce(200, (nr) =>
      patiently(() => either(nr).post('/auth/verify-email', { token })),
    );
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
      patiently(() => either(nr).post('/auth/register', { email, password: `${PASSWORD} ${nr}` })),
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
    expect((await me(both[1])).body.code).toBe('token_revoked');
    const answer = await both[1].post('/auth/refresh', { refresh_token: refresh });
    expect(answer.body.code).toBe('session_ended');
  });

  it('lose nothing when both write at once', async () => {
    const before = count(dataDir, 'OutboxMail');
    const answers = await atOnce(100, (nr) =>
      patiently(() =>
        either(nr).post('/auth/password/forgot', { email: `nobody${nr}@example.org` }),
      ),
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

describe('the clean-up of two processes that look for it all the time', () => {
  const ROUNDS = 6;
  const HURRIED = fileURLToPath(new URL('./support/hurried-looks.mjs', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-two-clean-up-'));
  let pair: [ServerProcess, ServerProcess];

  beforeAll(async () => {
    const env = { PUBLIC_URL: 'http://localhost:4999', NODE_OPTIONS: `--import=${HURRIED}` };
    pair = await Promise.all([ServerProcess.start(env, folder), ServerProcess.start(env, folder)]);
  });
  afterAll(async () => {
    await Promise.all(pair.map((server) => server.end('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  });

  /** How much each run of the two has removed, one entry a run. */
  function runs(): number[] {
    return pair
      .flatMap(({ lines }) => lines.filter((line) => line.includes('"cleaned up"')))
      .map((line) => JSON.parse(line).unconfirmedAccounts);
  }

  function write(sql: string): void {
    const db = new BetterSqlite3(join(folder, 'latchkey.db'));
    db.exec(sql);
    db.close();
  }

  it('[15.4.2] is done once each time it is due, by one of them', async () => {
    await soon(() => expect(runs()).toEqual([0]));
    for (let round = 1; round <= ROUNDS; round++) {
      await atOnce(5, (nr) =>
        pair[nr % 2]!.post('/auth/register', {
          email: `waiting${round}-${nr}@example.org`,
          password: PASSWORD,
        }),
      );
      // All of them: a mail that is sent after what follows is no longer "long ago".
      for (let nr = 0; nr < 5; nr++) await pair[0].mail(`waiting${round}-${nr}@example.org`);
      const longAgo = `'2001-01-01T00:00:00.000+00:00'`;
      write(`BEGIN IMMEDIATE;
        UPDATE "User" SET "updatedAt" = ${longAgo};
        UPDATE "OneTimeToken" SET "expiresAt" = ${longAgo};
        UPDATE "OutboxMail" SET "state" = 'sent', "createdAt" = ${longAgo};
        UPDATE "MaintenanceRun" SET "startedAt" = ${longAgo};
        COMMIT;`);
      await soon(() => expect(runs()).toHaveLength(round + 1));
    }
    // Whatever either has still to say, it says until it ends.
    await Promise.all(pair.map((server) => server.end()));
    expect(runs().sort((a, b) => a - b)).toEqual([0, ...Array<number>(ROUNDS).fill(5)]);
    const deleted = rows(folder, `SELECT subject FROM AuditEvent WHERE type = 'user.deleted'`);
    expect(deleted).toHaveLength(5 * ROUNDS);
    expect(new Set(deleted.map(({ subject }) => subject)).size).toBe(5 * ROUNDS);
  });
});

/** Often enough that a cache which is emptied now and then would be caught. */
const TIMES = 50;

describe('what one process has acknowledged counts at the very next request to the other', () => {
  const admin: [string, string] = ['admin@example.org', PASSWORD];
  let email: string;
  let id: string;

  beforeAll(async () => {
    const person = await confirmed();
    ({ email } = person);
    ({ id } = (await both[0].get('/users/me', { bearer: person.access })).body);
  });

  /** By turns, where something is changed and where it must count. */
  function* turns(): Generator<[here: ServerProcess, there: ServerProcess]> {
    for (let nr = 0; nr < TIMES; nr++) yield [either(nr), either(nr + 1)];
  }

  async function signIn(server: ServerProcess, password = PASSWORD): Promise<string> {
    return (await server.post('/auth/login', { email, password })).body.access_token;
  }

  it('the end of a session', async () => {
    for (const [here, there] of turns()) {
      const bearer = await signIn(here);
      expect((await there.get('/users/me', { bearer })).status).toBe(200);
      await here.post('/auth/logout', undefined, { bearer });
      expect((await there.get('/users/me', { bearer })).body.code).toBe('token_revoked');
    }
  });

  it('the end of all sessions, by an administrator', async () => {
    for (const [here, there] of turns()) {
      const bearer = await signIn(there);
      expect((await there.get('/users/me', { bearer })).status).toBe(200);
      await here.delete(`/users/${id}/sessions`, { basic: admin });
      expect((await there.get('/users/me', { bearer })).body.code).toBe('token_revoked');
    }
  });

  it('that an account is disabled, and enabled again', async () => {
    const basic: [string, string] = [email, PASSWORD];
    for (const [here, there] of turns()) {
      const { body } = await there.post('/auth/login', { email, password: PASSWORD });
      const bearer = body.access_token;
      expect((await there.get('/users/me', { bearer })).status).toBe(200);
      expect((await there.get('/users/me', { basic })).status).toBe(200);
      await here.patch(`/users/${id}`, { status: 'disabled' }, { basic: admin });
      expect((await there.get('/users/me', { bearer })).body.code).toBe('token_revoked');
      expect((await there.get('/users/me', { basic })).body.code).toBe('account_disabled');
      const refresh = await there.post('/auth/refresh', { refresh_token: body.refresh_token });
      expect(refresh.body.code).toBe('session_ended');
      await here.patch(`/users/${id}`, { status: 'active' }, { basic: admin });
      expect((await there.get('/users/me', { basic })).status).toBe(200);
    }
  });

  it('a role that is given, and taken away', async () => {
    const basic: [string, string] = [email, PASSWORD];
    const bearer = await signIn(both[0]);
    const lists = async (server: ServerProcess) => [
      (await server.get('/users?limit=1', { bearer })).status,
      (await server.get('/users?limit=1', { basic })).status,
    ];
    for (const [here, there] of turns()) {
      await here.put(`/users/${id}/roles`, { roles: ['admin'] }, { basic: admin });
      expect(await lists(there)).toEqual([200, 200]);
      await here.put(`/users/${id}/roles`, { roles: ['user'] }, { basic: admin });
      expect(await lists(there)).toEqual([403, 403]);
    }
  });

  it('another password, which also ends the other sessions', async () => {
    let password = PASSWORD;
    for (const [here, there] of turns()) {
      const bearer = await signIn(there, password);
      expect((await there.get('/users/me', { bearer })).status).toBe(200);
      expect((await there.get('/users/me', { basic: [email, password] })).status).toBe(200);
      const newPassword = password === PASSWORD ? 'another battery, another horse' : PASSWORD;
      const change = { currentPassword: password, newPassword };
      const changed = await here.post('/auth/password/change', change, {
        bearer: await signIn(here, password),
      });
      expect(changed.status).toBe(204);
      const old = await there.get('/users/me', { basic: [email, password] });
      expect(old.body.code).toBe('invalid_credentials');
      expect((await there.get('/users/me', { bearer })).body.code).toBe('token_revoked');
      password = newPassword;
    }
  });
});

describe('what a tool has done beside them', () => {
  it('counts in both within a second: a role', async () => {
    const { email, access } = await confirmed();
    const list = (server: ServerProcess) => server.get('/users?limit=1', { bearer: access });
    for (const server of both) expect((await list(server)).status).toBe(403);
    expect((await startTool('admin', ['create', email], dataDir).done).code).toBe(0);
    for (const server of both)
      await soon(async () => expect((await list(server)).status).toBe(200));
  });
});

describe('when one of two processes is killed', () => {
  it('the other one is alone, and needs not ask any more', async () => {
    const door = new LockFile(lockPath(join(dataDir, 'latchkey.db'), 'door'));
    /** Who believes itself alone, and only that one, keeps the door shut. */
    const shut = (): boolean => {
      if (!door.tryExclusive()) return true;
      door.release();
      return false;
    };
    const { access } = await confirmed();
    const shutFor = async (looks: number): Promise<void> => {
      for (let look = 0; look < looks; look++) {
        expect(shut()).toBe(true);
        await sleep(10);
      }
    };
    await soon(async () => expect(shut()).toBe(false));
    // Told to one, which dies at once: the other one has heard of it before it stops asking.
    expect((await both[1].get('/users/me', { bearer: access })).status).toBe(200);
    await both[0].post('/auth/logout', undefined, { bearer: access });
    await both[0].end('SIGKILL');
    expect((await both[1].get('/users/me', { bearer: access })).status).toBe(401);
    await soon(() => shutFor(50));
    door.close();
  });

  it('a new one is let in, and each knows of the other again', async () => {
    both = [await ServerProcess.start(ENV, dataDir), both[1]];
    const { email } = await confirmed();
    for (let nr = 0; nr < TIMES; nr++) {
      const { body } = await both[1].post('/auth/login', { email, password: PASSWORD });
      const bearer = body.access_token;
      expect((await both[1].get('/users/me', { bearer })).status).toBe(200);
      await both[0].post('/auth/logout', undefined, { bearer });
      expect((await both[1].get('/users/me', { bearer })).status).toBe(401);
    }
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
    const guess = (nr: number) =>
      patiently(() => logIn(nr, `guess ${++guesses}`, anywhere(), 'nobody@example.org'));
    expect(statuses(await atOnce(300, guess))).toEqual({ 401: 100, 429: 200 });
  });

  it('let everybody in who is right, a hundred at once', async () => {
    const answers = await atOnce(100, (nr) => patiently(() => logIn(nr, PASSWORD, '192.0.2.1')));
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
