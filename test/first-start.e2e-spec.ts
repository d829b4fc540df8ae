import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSync } from 'otplib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { MAIN, ServerProcess } from './support/process.js';
import { atOnce, tally } from './support/races.js';
import { count, digest, rows } from './support/rows.js';
import { soon } from './support/soon.js';

const ADMIN_TOOL = fileURLToPath(new URL('../dist/cli/admin.js', import.meta.url));
const PASSWORD = 'correct horse battery staple';
const ANOTHER = 'wholly different words here';

const scratch = mkdtempSync(join(tmpdir(), 'latchkey-first-start-'));
let folders = 0;
let server: ServerProcess | undefined;

afterEach(async () => {
  await server?.end('SIGKILL');
  server = undefined;
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function newFolder(): string {
  return join(scratch, `data-${++folders}`);
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program of ours to its end. */
function run(
  file: string,
  args: string[],
  env: Record<string, string>,
  input = '',
): Promise<Ended> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: scratch,
    env: { PATH: process.env.PATH, ...env },
  });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}

async function start(dataDir: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  server = await ServerProcess.start({ ...env, DATA_DIR: dataDir }, scratch);
  return server;
}

/** The token of the link that a server logs while it has no administrator. */
async function setupToken(): Promise<string> {
  const line = await soon(() => {
    const found = server!.logged('setupLink');
    expect(found).toBeDefined();
    return found!;
  });
  return new URL(line.setupLink).hash.slice('#token='.length);
}

async function rolesOf(email: string, password = PASSWORD): Promise<string[] | number> {
  const { status, body } = await server!.get('/users/me', { basic: [email, password] });
  return status === 200 ? body.roles : status;
}

function setUp(token: unknown, email = 'ada@example.org', password = PASSWORD) {
  return server!.post('/setup', { token, email, password });
}

/** How each administrator whom no other one made came to be one, as the audit trail has it. */
function madeBy(dataDir: string): string[] {
  const lines = rows(
    dataDir,
    `SELECT "detail" FROM "AuditEvent" WHERE "type" = 'administrator.created' ORDER BY "seq"`,
  );
  return lines.map(({ detail }) => JSON.parse(detail).after.by);
}

describe('the setup link', () => {
  it('[6.4.1] [F21] makes the first administrator, once, whoever races for it', async () => {
    await start(newFolder());
    const token = await setupToken();
    expect(token).toMatch(/^lk_su_[A-Za-z0-9_-]{43}$/);
    for (const wrong of [`${token}x`, token.slice(0, -1), 'x', '']) {
      expect((await setUp(wrong)).body.code).toBe('token_invalid');
    }
    for (const wrong of [null, {}, ['x'], true, 5]) {
      expect((await setUp(wrong)).body.code).toBe('validation_failed');
    }
    const refused = await setUp(token, 'ada@example.org', 'password');
    expect([refused.status, refused.body.code]).toEqual([422, 'password_rejected']);

    const answers = await atOnce(20, (nr) => setUp(token, `admin${nr}@example.org`));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 1, 400: 19 });
    const { body, headers } = answers.find(({ status }) => status === 201)!;
    expect(body).toMatchObject({ roles: ['admin', 'user'], status: 'active', emailVerified: true });
    expect(headers.get('location')).toBe(`/users/${body.id}`);
    expect(await rolesOf(body.email)).toEqual(['admin', 'user']);
    const { data } = server!.logged('listening')!;
    expect(count(data, 'User')).toBe(1);
    expect(madeBy(data)).toEqual(['setup_link']);
    expect((await setUp(token)).body.code).toBe('token_invalid');
  });

  it('is another one at each start, and is not logged once there is an administrator', async () => {
    const dataDir = newFolder();
    await start(dataDir);
    const first = await setupToken();
    await server!.end('SIGKILL');

    await start(dataDir);
    const second = await setupToken();
    expect(second).not.toBe(first);
    expect((await setUp(first)).status).toBe(400);
    // What another began with the address ends.
    const email = 'ada@example.org';
    await server!.post('/auth/register', { email, password: ANOTHER });
    const mail = await server!.mail(email);
    expect((await setUp(second, email)).status).toBe(201);
    expect((await server!.post('/auth/verify-email', { token: mail.token })).status).toBe(400);
    expect(await rolesOf(email, ANOTHER)).toBe(401);
    expect(await rolesOf(email)).toEqual(['admin', 'user']);
    await server!.end('SIGKILL');

    await start(dataDir);
    expect((await server!.get('/health/ready')).body).toEqual({ status: 'ok' });
    expect(await server!.end()).toBe(0);
    expect(server!.lines.join('\n')).not.toContain('lk_su_');
  });
});

describe('npm run admin', () => {
  it('makes administrators beside a running server, which follows within a second', async () => {
    const dataDir = newFolder();
    await start(dataDir);
    const env = { MODE: 'development', BCRYPT_COST: '4', DATA_DIR: dataDir };
    const made = await run(ADMIN_TOOL, ['create', 'Ada@Example.org'], env, `${PASSWORD}\n`);
    expect([made.stderr, made.code]).toEqual([`Database: ${join(dataDir, 'latchkey.db')}\n`, 0]);
    expect(made.stdout).toContain('Ada@Example.org');
    expect(made.stdout).not.toContain(PASSWORD);
    await soon(async () => {
      expect(await rolesOf('ada@example.org')).toEqual(['admin', 'user']);
    });
    expect((await setUp(await setupToken())).body.code).toBe('token_invalid');

    // A confirmed account becomes one with the password it has.
    const email = 'bob@example.org';
    await server!.post('/auth/register', { email, password: ANOTHER });
    const { token } = await server!.mail(email);
    await server!.post('/auth/verify-email', { token });
    const { body } = await server!.post('/auth/login', { email, password: ANOTHER });
    const list = () => server!.get('/users', { bearer: body.access_token });
    expect((await list()).status).toBe(403);
    const promoted = await run(ADMIN_TOOL, ['create', email], env);
    expect(promoted.code).toBe(0);
    await soon(async () => expect((await list()).status).toBe(200));
    expect(await rolesOf(email, ANOTHER)).toEqual(['admin', 'user']);
    expect(madeBy(dataDir)).toEqual(['command_line', 'command_line']);
  });

  it.each([
    ['a weak password', ['create', 'ada@example.org'], 'password\n', 1],
    ['no password', ['create', 'ada@example.org'], '', 64],
    ['an address that is none', ['create', 'ada'], `${PASSWORD}\n`, 64],
    ['a password on the command line', ['create', 'ada@example.org', PASSWORD], '', 64],
  ])('refuses %s in words, and makes nobody', async (_, args, input, code) => {
    const dataDir = newFolder();
    const env = { MODE: 'development', BCRYPT_COST: '4', DATA_DIR: dataDir };
    const ended = await run(ADMIN_TOOL, [...args, '--new'], env, input);
    expect(ended.code).toBe(code);
    expect(ended.stderr.split('\n').length).toBeGreaterThan(2);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    if (existsSync(join(dataDir, 'latchkey.db'))) expect(count(dataDir, 'User')).toBe(0);
  });

  it('makes no database where there is none, names DATA_DIR, and makes one when told to', async () => {
    const dataDir = newFolder();
    const env = { MODE: 'development', BCRYPT_COST: '4', DATA_DIR: dataDir };
    const refused = await run(ADMIN_TOOL, ['create', 'ada@example.org'], env, `${PASSWORD}\n`);
    expect([refused.code, refused.stdout]).toEqual([78, '']);
    expect(refused.stderr).toContain(`DATA_DIR is ${dataDir}, and there is no database`);
    expect(refused.stderr).toContain('--new');
    expect(existsSync(dataDir)).toBe(false);

    const args = ['create', 'ada@example.org', '--new'];
    expect((await run(ADMIN_TOOL, args, env, `${PASSWORD}\n`)).code).toBe(0);
    await start(dataDir);
    expect(await rolesOf('ada@example.org')).toEqual(['admin', 'user']);
  });
});

describe('ADMIN_EMAIL and ADMIN_PASSWORD_FILE', () => {
  it('make the first administrator, and do nothing once there is one', async () => {
    const dataDir = newFolder();
    const file = join(scratch, 'admin-password');
    writeFileSync(file, `${PASSWORD}\n`);
    await start(dataDir, { ADMIN_EMAIL: 'ada@example.org', ADMIN_PASSWORD_FILE: file });
    await soon(async () => {
      expect(await rolesOf('ada@example.org')).toEqual(['admin', 'user']);
    });
    expect(await server!.end()).toBe(0);
    expect(server!.lines.join('\n')).not.toContain('lk_su_');

    await start(dataDir, { ADMIN_EMAIL: 'mallory@example.org', ADMIN_PASSWORD: ANOTHER });
    expect(await rolesOf('ada@example.org')).toEqual(['admin', 'user']);
    expect(await rolesOf('mallory@example.org', ANOTHER)).toBe(401);
    expect(await server!.end()).toBe(0);
    expect(count(dataDir, 'User')).toBe(1);
  });
});

describe('[6.3.3] the first administrator in production', () => {
  it('sets up, signs in, adds a second factor, and only then administers', async () => {
    const dataDir = newFolder();
    await start(dataDir, {
      MODE: 'production',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'https://accounts.example.org',
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'no-reply@example.org',
      BCRYPT_COST: '10',
      RATE_LIMITS: 'on',
    });
    const email = 'ada@example.org';
    const token = await setupToken();
    const made = await server!.post('/setup', { token, email, password: PASSWORD });
    expect(made.status).toBe(201);

    const login = { email, password: PASSWORD };
    const bearer = (await server!.post('/auth/login', login)).body.access_token;
    for (const path of ['/users', '/roles', '/audit-events', '/users/me/export']) {
      expect((await server!.get(path, { bearer })).body.code).toBe('mfa_enrolment_required');
    }
    const { secret } = (await server!.post('/auth/mfa/totp', undefined, { bearer })).body;
    const code = generateSync({ secret });
    const confirmed = await server!.post('/auth/mfa/totp/confirm', { code }, { bearer });
    expect([confirmed.status, confirmed.body.recoveryCodes.length]).toEqual([200, 10]);
    for (const path of ['/users', '/roles', '/audit-events', '/users/me/export']) {
      expect([path, (await server!.get(path, { bearer })).status]).toEqual([path, 200]);
    }
    const invited = { email: 'eve@example.org', roles: ['admin'] };
    expect((await server!.post('/users', invited, { bearer })).status).toBe(201);

    const half = await server!.post('/auth/login', login);
    expect([half.status, half.body.code]).toEqual([401, 'mfa_required']);
    const proof = {
      mfa_token: half.body.mfa_token,
      recovery_code: confirmed.body.recoveryCodes[0],
    };
    const whole = await server!.post('/auth/mfa/verify', proof);
    expect(whole.status).toBe(200);
    expect(whole.body.scope).toContain('users:read');
    expect(await server!.end()).toBe(0);
  });
});

describe('a start that cannot succeed', () => {
  it('[13.3.1] names every fault at once, exits 78, and writes nothing', async () => {
    const dataDir = newFolder();
    const { code, stderr, stdout } = await run(MAIN, [], {
      MODE: 'production',
      DATA_DIR: dataDir,
      PORT: '70000',
      PUBLIC_URL: 'http://accounts.example.org',
      MASTER_KEY: 'changeme',
      BCRYPT_COST: '4',
      RATE_LIMITS: 'off',
      ACCESS_TOKEN_TTL: '900',
      TRUST_PROXY: 'true',
      CORS_ORIGINS: '*',
    });
    expect([code, stdout]).toEqual([78, '']);
    for (const name of [
      'PORT',
      'PUBLIC_URL',
      'MASTER_KEY',
      'BCRYPT_COST',
      'RATE_LIMITS',
      'ACCESS_TOKEN_TTL',
      'TRUST_PROXY',
      'CORS_ORIGINS',
      'SMTP_URL',
    ]) {
      expect(stderr).toMatch(new RegExp(`^  ${name} \\S.*\\n +Example: \\S`, 'm'));
    }
    expect(stderr).not.toContain('changeme');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('because the master key is not that of its database says so, and leaves it as it is', async () => {
    const dataDir = newFolder();
    await start(dataDir);
    expect(await server!.end()).toBe(0);
    const before = digest(dataDir);
    const another = randomBytes(32).toString('base64');
    writeFileSync(join(dataDir, 'master.key'), another);
    const env = { MODE: 'development', PORT: '0', DATA_DIR: dataDir };
    const { code, stderr } = await run(MAIN, [], env);
    expect(code).toBe(78);
    expect(stderr).toContain('MASTER_KEY');
    expect(stderr).not.toContain(another);
    expect(digest(dataDir)).toBe(before);
  });

  it('because the port is taken says so in a sentence', async () => {
    await start(newFolder());
    const { port } = new URL(server!.url);
    const env = { MODE: 'development', PORT: port, DATA_DIR: newFolder() };
    const { code, stderr } = await run(MAIN, [], env);
    expect(code).toBe(1);
    expect(stderr).toContain(port);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
