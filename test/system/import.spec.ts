import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../support/process.js';
import { count, rows } from '../support/rows.js';

const USERS = 10_000;
const SAMPLE = 100;
const TOOL = fileURLToPath(new URL('../../scripts/users.mjs', import.meta.url));
const MAKE_USERS = fileURLToPath(new URL('../fixtures/make-users.py', import.meta.url));

let server: ServerProcess;
let file: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  file = join(server.dataDir, 'users.ndjson');
  // Debian's python, which is the one that has Debian's werkzeug.
  writeFileSync(
    file,
    execFileSync('/usr/bin/python3', [MAKE_USERS, String(USERS)], { maxBuffer: 1e8 }),
  );
});
afterAll(() => server?.dispose());

it('10,000 users of a Flask site come in by one run, with a progress bar, beside the server, and sign in', async () => {
  // script(1) gives the tool a terminal, and its output in one piece.
  const { stdout } = await promisify(execFile)(
    '/usr/bin/script',
    [
      '--quiet',
      '--return',
      '--command',
      `"${process.execPath}" "${TOOL}" import "${file}"`,
      '/dev/null',
    ],
    {
      env: { PATH: process.env.PATH, MODE: 'development', DATA_DIR: server.dataDir },
      maxBuffer: 1e8,
    },
  );
  expect(stdout).toContain('10000 lines: 10000 imported, 0 skipped, 0 refused.');
  const shown = [...stdout.matchAll(/\r\[(#*)(\.*)\] +(\d+) % (\d+) lines/g)];
  expect(shown.length).toBeGreaterThan(3);
  for (const [, full, empty] of shown) expect(full!.length + empty!.length).toBe(30);
  const percents = shown.map(([, , , percent]) => Number(percent));
  expect(percents).toEqual([...percents].sort((a, b) => a - b));
  expect(percents.at(-1)).toBe(100);
  expect(count(server.dataDir, 'User')).toBe(USERS);

  for (let nr = 0; nr < USERS; nr += USERS / SAMPLE) {
    const email = `person${nr}@example.org`;
    const wrong = await server.post('/auth/login', { email, password: 'the password of person' });
    expect(wrong.status).toBe(401);
    const password = `the password of person ${nr}`;
    const { status, body } = await server.post('/auth/login', { email, password });
    expect(status).toBe(200);
    const me = await server.get('/users/me', { bearer: body.access_token });
    expect(me.body).toMatchObject({
      email,
      name: `Person ${nr}`,
      emailVerified: true,
      roles: ['user'],
    });
  }
  const replaced = rows(server.dataDir, `SELECT 1 FROM "User" WHERE "passwordHash" LIKE '$2b$%'`);
  expect(replaced).toHaveLength(SAMPLE);
});
