import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../support/process.js';

const EMAIL = 'admin@example.org';
const PASSWORD = 'correct horse battery staple';
const WORDS = 3000;
const OWNER = '127.0.0.2';

let server: ServerProcess;
let words: string;

beforeAll(async () => {
  server = await ServerProcess.start({
    RATE_LIMITS: 'on',
    BCRYPT_COST: '10',
    ADMIN_EMAIL: EMAIL,
    ADMIN_PASSWORD: PASSWORD,
  });
  // The right one stands in the list, where whoever tries all would come to it.
  const list = Array.from({ length: WORDS }, (_, nr) => `password${nr}`);
  list[WORDS - 100] = PASSWORD;
  words = join(server.dataDir, 'words.txt');
  writeFileSync(words, `${list.join('\n')}\n`);
});
afterAll(() => server?.dispose());

/** The owner signs in from another address than hydra's. */
function ownerSignsIn(): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${server.url}/auth/login`,
      { method: 'POST', localAddress: OWNER, headers: { 'content-type': 'application/json' } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ email: EMAIL, password: PASSWORD }));
  });
}

/** What hydra prints, and what the owner got meanwhile. */
async function attack(module: string, target: string) {
  let over = false;
  const owner: number[] = [];
  const signingIn = (async () => {
    while (!over) {
      owner.push(await ownerSignsIn());
      await sleep(100);
    }
  })();
  const { hostname, port } = new URL(server.url);
  const from = server.lines.length;
  const { stdout } = await promisify(execFile)(
    '/usr/bin/hydra',
    ['-l', EMAIL, '-P', words, '-s', port, '-t', '16', '-I', hostname, module, target],
    { cwd: server.dataDir, maxBuffer: 1e8 },
  );
  over = true;
  await signingIn;
  const answers = server.lines
    .slice(from)
    .map((line) => JSON.parse(line))
    .filter(({ ip, status }) => ip === '127.0.0.1' && status !== undefined);
  return { stdout, owner, answers };
}

describe('hydra with a list of 3,000 words', () => {
  it.each([
    [
      'JSON',
      'http-post-form',
      String.raw`/auth/login:{"email"\:"^USER^","password"\:"^PASS^"}:H=Content-Type\: application/json:S=access_token`,
    ],
    ['Basic', 'http-get', '/users/me'],
  ])(
    '[6.3.1] against %s finds nothing, is served no more than the limit, and keeps nobody out',
    async (_, module, target) => {
      const { stdout, owner, answers } = await attack(module, target);
      expect(stdout).toContain('0 valid password');
      expect(answers.length).toBeGreaterThan(1000);
      expect(answers.filter(({ status }) => status === 200)).toEqual([]);
      const judged = answers.filter(({ code }) => code === 'invalid_credentials');
      expect(judged.length).toBeLessThanOrEqual(10);
      expect(owner.length).toBeGreaterThan(5);
      expect(new Set(owner)).toEqual(new Set([200]));
    },
  );

  it('was served ten guesses in all', () => {
    const judged = server.lines
      .map((line) => JSON.parse(line))
      .filter(({ ip, code }) => ip === '127.0.0.1' && code === 'invalid_credentials');
    expect(judged.length).toBeGreaterThan(2);
    expect(judged.length).toBeLessThanOrEqual(10);
  });
});
