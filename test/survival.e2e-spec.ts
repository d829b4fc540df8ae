import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Agent, request, type RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Answer, Client } from './support/client.js';
import { freePort } from './support/ports.js';
import { MAIN, ServerProcess } from './support/process.js';
import { atOnce, tally } from './support/races.js';
import { count, rows } from './support/rows.js';
import { soon } from './support/soon.js';

const PASSWORD = 'correct horse battery staple';
const ROUNDS = 20;
/** A slow machine does fewer rounds; it is never fewer than five. */
const LONGEST = 20_000;

const scratch = mkdtempSync(join(tmpdir(), 'latchkey-survival-'));
let server: ServerProcess;
let folders = 0;
let people = 0;

afterEach(() => server?.end('SIGKILL'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Resolves once a request is written; its status comes later. */
function sent(options: RequestOptions, body?: string): Promise<{ status: Promise<number> }> {
  return new Promise((written, failed) => {
    const status = new Promise<number>((resolve, reject) => {
      const outgoing = request(options, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode!));
      });
      outgoing.on('error', (error) => {
        failed(error);
        reject(error);
      });
      outgoing.on('finish', () => written({ status }));
      outgoing.end(body);
    });
  });
}

/** What was acknowledged to somebody before the server died. */
interface Life {
  email: string;
  registered: boolean;
  token?: string;
  confirmed: boolean;
  access?: string;
  /** The newest one that was received. */
  refresh?: string;
  leaving: boolean;
  left: boolean;
}

/** How much has been acknowledged since the server was started. */
let acknowledged = 0;

function expectStatus({ status, text, body }: Answer, expected: number): any {
  if (status !== expected) throw new Error(`Expected ${expected}, got ${status}: ${text}`);
  acknowledged++;
  return body;
}

async function untilAcknowledged(some: number): Promise<void> {
  while (acknowledged < some) await sleep(1);
}

/** Registers, confirms, signs in, refreshes, and every other time signs out. */
async function live(life: Life, nr: number): Promise<void> {
  const { email } = life;
  expectStatus(await server.post('/auth/register', { email, password: PASSWORD }), 202);
  life.registered = true;
  life.token = (await server.mail(email)).token!;
  expectStatus(await server.post('/auth/verify-email', { token: life.token }), 200);
  life.confirmed = true;
  let body = expectStatus(await server.post('/auth/login', { email, password: PASSWORD }), 200);
  for (let i = 0; i < 5; i++) {
    [life.access, life.refresh] = [body.access_token, body.refresh_token];
    body = expectStatus(await server.post('/auth/refresh', { refresh_token: life.refresh }), 200);
  }
  [life.access, life.refresh] = [body.access_token, body.refresh_token];
  if (nr % 2 === 0) return;
  life.leaving = true;
  expectStatus(await server.post('/auth/logout', undefined, { bearer: life.access }), 204);
  life.left = true;
}

/** One after the other, until the server is gone. */
async function lane(lives: Life[]): Promise<void> {
  try {
    for (;;) {
      const nr = ++people;
      const email = `person${nr}@example.org`;
      const life = { email, registered: false, confirmed: false, leaving: false, left: false };
      lives.push(life);
      await live(life, nr);
    }
  } catch (error) {
    // An answer that is not the expected one is a fault; no answer is the end.
    if (!(error instanceof TypeError)) throw error;
  }
}

/** The database as the killed process left it, looked at in a copy. */
function expectWhole(dataDir: string): void {
  const copy = join(scratch, 'copy');
  cpSync(dataDir, copy, { recursive: true });
  const db = new BetterSqlite3(join(copy, 'latchkey.db'));
  expect(db.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
  const halves = {
    'accounts without a role': `SELECT id FROM User WHERE id NOT IN (SELECT userId FROM UserRole)`,
    'accounts nobody wrote down': `SELECT id FROM User WHERE id NOT IN
      (SELECT subject FROM AuditEvent WHERE type = 'user.registered')`,
    'accounts without their mail': `SELECT id FROM User WHERE emailKey NOT IN
      (SELECT recipientKey FROM OutboxMail)`,
    'confirmations nobody wrote down': `SELECT id FROM User WHERE emailVerifiedAt IS NOT NULL
      AND id NOT IN (SELECT subject FROM AuditEvent WHERE type = 'user.verified')`,
    'endings nobody wrote down': `SELECT id FROM Session WHERE endedAt IS NOT NULL AND id NOT IN
      (SELECT json_extract(detail, '$.after.session') FROM AuditEvent
       WHERE type = 'session.ended')`,
  };
  for (const [what, sql] of Object.entries(halves))
    expect([what, rows(copy, sql)]).toEqual([what, []]);
  rmSync(copy, { recursive: true });
}

/** The token that was mailed; undefined: the dead process had begun to send it, and holds it still. */
async function mailedToken({ email, token }: Life, dataDir: string): Promise<string | undefined> {
  if (token !== undefined) return token;
  const mails = rows(dataDir, 'SELECT state FROM OutboxMail WHERE recipientKey = ?', email);
  if (mails.some(({ state }) => state === 'sending')) return undefined;
  return (await server.mail(email)).token!;
}

async function expectKept(life: Life, dataDir: string): Promise<void> {
  const { email, access, refresh, leaving, left } = life;
  if (!life.registered) return;
  const token = await mailedToken(life, dataDir);
  if (token === undefined) return;
  const { status } = expectStatus(await server.post('/auth/verify-email', { token }), 200);
  if (life.confirmed) expect(status).toBe('already_verified');
  if (access !== undefined) {
    const me = await server.get('/users/me', { bearer: access });
    if (left) expect(me.status).toBe(401);
    else if (!leaving) expect(me.status).toBe(200);

    const next = await server.post('/auth/refresh', { refresh_token: refresh });
    if (left) expect([next.status, next.body.code]).toEqual([401, 'session_ended']);
    else if (!leaving) expectStatus(next, 200);
    else expect([200, 401]).toContain(next.status);
  }
  expectStatus(await server.post('/auth/login', { email, password: PASSWORD }), 200);
}

describe('a server that is killed in the middle of its work', () => {
  it('[2.3.3] has kept all it acknowledged, and nothing by halves', async () => {
    const dataDir = join(scratch, 'killed');
    const env = {
      DATA_DIR: dataDir,
      PUBLIC_URL: 'http://localhost:4998',
      // Between a kill and the next refresh may lie more than the usual ten seconds.
      REFRESH_GRACE: '60s',
    };
    server = await ServerProcess.start(env, scratch);
    const begun = performance.now();
    const stages = { lives: 0, registered: 0, confirmed: 0, signedIn: 0, left: 0 };

    for (let round = 0; round < ROUNDS; round++) {
      if (round >= 5 && performance.now() - begun > LONGEST) break;
      const lives: Life[] = [];
      acknowledged = 0;
      const lanes = Promise.all(Array.from({ length: 6 }, () => lane(lives)));
      await Promise.race([lanes, untilAcknowledged(5 + ((round * 37) % 90))]);
      await sleep(Math.random() * 5);
      expect(await server.end('SIGKILL')).toBe('SIGKILL');
      await lanes;
      expectWhole(dataDir);

      server = await ServerProcess.start(env, scratch);
      await Promise.all(lives.map((life) => expectKept(life, dataDir)));
      stages.lives += lives.length;
      for (const life of lives) {
        stages.registered += Number(life.registered);
        stages.confirmed += Number(life.confirmed);
        stages.signedIn += Number(life.access !== undefined);
        stages.left += Number(life.left);
      }
    }
    // The kills fell into all of it.
    expect(stages.registered).toBeGreaterThan(stages.confirmed);
    expect(stages.left).toBeGreaterThan(0);
    expect(stages.lives).toBeGreaterThan(stages.signedIn);
  });
});

describe('a server that is told to stop', () => {
  async function start(env: Record<string, string> = {}): Promise<string> {
    const dataDir = join(scratch, `stopped-${++folders}`);
    server = await ServerProcess.start({ ...env, DATA_DIR: dataDir }, scratch);
    return dataDir;
  }

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s finishes what it was asked for, and exits 0',
    async (signal) => {
      const dataDir = await start({ BCRYPT_COST: '10' });
      const register = (nr: number) =>
        server.post('/auth/register', { email: `person${nr}@example.org`, password: PASSWORD });
      // Few: what takes longer than seven seconds is cut, and a busy machine hashes slowly.
      const requests = Array.from({ length: 4 }, (_, nr) => register(nr));
      // Answered on a connection made after theirs: the server has taken all of them.
      await server.get('/health');
      await Promise.race(requests);
      const [code, ...answers] = await Promise.all([server.end(signal), ...requests]);
      expect(code).toBe(0);
      expect(tally(answers.map(({ status }) => status))).toEqual({ 202: 4 });
      expect(count(dataDir, 'User')).toBe(4);
      await expect(server.get('/health')).rejects.toThrow();
    },
  );

  it('takes nobody new while it finishes', async () => {
    await start({ BCRYPT_COST: '10' });
    const { hostname, port } = new URL(server.url);
    const agent = new Agent({ keepAlive: true });
    const call = (method: string, path: string, body?: string) =>
      sent(
        {
          agent,
          host: hostname,
          port,
          method,
          path,
          headers: { 'content-type': 'application/json' },
        },
        body,
      );
    // Four connections the server has accepted, then a sign-in on each. All are written before a
    // request whose answer is waited for: by then the server has read them.
    await Promise.all((await atOnce(4, () => call('GET', '/health'))).map(({ status }) => status));
    const logins = await atOnce(4, (nr) =>
      call(
        'POST',
        '/auth/login',
        JSON.stringify({ email: `nobody${nr}@example.org`, password: PASSWORD }),
      ),
    );
    expect((await server.get('/health')).status).toBe(200);
    const ended = server.end();
    await soon(
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect(Number(port), hostname);
          socket.on('connect', () => socket.destroy(new Error('still taken')));
          socket.on('error', (error: NodeJS.ErrnoException) =>
            error.code === 'ECONNREFUSED' ? resolve() : reject(error),
          );
        }),
    );
    expect(tally(await Promise.all(logins.map(({ status }) => status)))).toEqual({ 401: 4 });
    expect(await ended).toBe(0);
  });

  it('is not kept by connections on which nothing happens', async () => {
    await start();
    const { hostname, port } = new URL(server.url);
    const sockets: Socket[] = [];
    for (const text of [
      '',
      'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
      'GET /heal',
    ]) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.write(text);
      sockets.push(socket);
    }
    await new Promise((resolve) => sockets[1]!.once('data', resolve));
    const waiting = server.get('/dev/mail/latest?to=nobody@example.org&wait=30');
    await server.get('/health');
    expect(await server.end()).toBe(0);
    expect((await waiting).status).toBe(404);
    for (const socket of sockets) socket.destroy();
  });

  it('leaves one database file, ready for the next start', async () => {
    const dataDir = await start();
    await server.post('/auth/register', { email: 'ada@example.org', password: PASSWORD });
    expect(await server.end()).toBe(0);
    const db = new BetterSqlite3(join(dataDir, 'latchkey.db'));
    expect(db.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    db.close();
    server = await ServerProcess.start({ DATA_DIR: dataDir }, scratch);
    const mail = await server.mail('ada@example.org');
    expect(mail.token).not.toBeNull();
  });
});

describe('a server whose log cannot be written', () => {
  it('serves as ever, starts and stops', async () => {
    const dataDir = join(scratch, 'full-log');
    mkdirSync(dataDir);
    const url = `http://127.0.0.1:${await freePort()}`;
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [MAIN], {
      cwd: dataDir,
      env: { MODE: 'development', PORT: new URL(url).port, DATA_DIR: dataDir, BCRYPT_COST: '4' },
      stdio: ['ignore', full, full],
    });
    closeSync(full);
    const ended = once(child, 'exit');
    try {
      const client = new Client(url);
      await soon(async () => expect((await client.get('/health')).status).toBe(200));
      const email = 'ada@example.org';
      const answers = [
        await client.get('/nothing'),
        await client.post('/auth/register', { email, password: PASSWORD }),
        await client.post('/auth/login', { email, password: 'not the one' }),
        await client.get('/health'),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 202, 401, 200]);
      expect(answers[0]!.body.code).toBe('not_found');
      expect(answers[2]!.body.code).toBe('invalid_credentials');
    } finally {
      child.kill();
    }
    expect(await ended).toEqual([0, null]);
  });
});
