import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from './support/client.js';
import { ServerProcess } from './support/process.js';
import { atOnce, tally } from './support/races.js';

const PASSWORD = 'correct horse battery staple';

let dataDir: string;
let server: ServerProcess;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'latchkey-overload-'));
  server = await ServerProcess.start({}, dataDir);
});
afterEach(() => server.dispose());

async function signedIn(email: string): Promise<{ access: string; refresh: string }> {
  await server.post('/auth/register', { email, password: PASSWORD });
  const { token } = await server.mail(email);
  await server.post('/auth/verify-email', { token });
  const { body } = await server.post('/auth/login', { email, password: PASSWORD });
  return { access: body.access_token, refresh: body.refresh_token };
}

/** Holds the write lock as another process would, for as long as `work` takes. */
async function whileLocked<Result>(work: () => Promise<Result>): Promise<Result> {
  const db = new BetterSqlite3(join(dataDir, 'latchkey.db'), { timeout: 5000 });
  db.exec('BEGIN IMMEDIATE');
  try {
    return await work();
  } finally {
    db.exec('ROLLBACK');
    db.close();
  }
}

function expectRefused({ status, headers, body }: Answer): void {
  expect([status, body.code]).toEqual([503, 'database_busy']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
}

describe('a file that another process keeps locked', () => {
  // The lock is held until every write has its answer: one that waited behind all the others, each
  // for its own five seconds, would not get it in time.
  it('refuses writes instead of letting them pile up', { timeout: 60_000 }, async () => {
    const { access, refresh } = await signedIn('ada@example.org');
    await whileLocked(async () => {
      const answers = await Promise.all([
        atOnce(60, () => server.post('/auth/refresh', { refresh_token: refresh })),
        atOnce(60, (nr) =>
          server.post('/auth/password/forgot', { email: `nobody${nr}@example.org` }),
        ),
        atOnce(20, (nr) =>
          server.post('/auth/register', { email: `person${nr}@example.org`, password: PASSWORD }),
        ),
      ]);
      for (const answer of answers.flat()) expectRefused(answer);
    });
    expect((await server.get('/users/me', { bearer: access })).status).toBe(200);
    expect((await server.post('/auth/refresh', { refresh_token: refresh })).status).toBe(200);
  });

  it('[15.4.4] stops nobody who only reads', { timeout: 60_000 }, async () => {
    const { access, refresh } = await signedIn('ada@example.org');
    await whileLocked(async () => {
      const write = server.post('/auth/refresh', { refresh_token: refresh });
      const reads = await atOnce(50, (nr) =>
        nr % 2 === 0
          ? server.get('/users/me', { bearer: access })
          : server.get('/auth/sessions', { bearer: access }),
      );
      expect(tally(reads.map(({ status }) => status))).toEqual({ 200: 50 });
      expect((await server.get('/health/ready')).status).toBe(200);
      expectRefused(await write);
    });
  });

  it(
    'gets only so many writers to wait; the others are refused at once',
    { timeout: 60_000 },
    async () => {
      const before = await server.get('/health/ready');
      expect(before.status).toBe(200);
      await whileLocked(async () => {
        const first = await Promise.race(
          Array.from({ length: 3000 }, (_, nr) =>
            server.post('/auth/password/forgot', { email: `nobody${nr}@example.org` }),
          ),
        );
        expectRefused(first);
        expect((await server.get('/health/ready')).status).toBe(200);
      });
    },
  );
});
