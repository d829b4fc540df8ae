import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import bcrypt from 'bcrypt';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FOREIGN_HASHES, FORMATS, plainHash } from './support/foreign-hashes.js';
import { as, makeRole } from './support/people.js';
import { ServerProcess } from './support/process.js';
import { atOnce } from './support/races.js';
import { count, digest, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { soon } from './support/soon.js';

const USERS = fileURLToPath(new URL('../dist/cli/users.js', import.meta.url));
/** Cheap: what matters here is not its strength. */
const BCRYPT = bcrypt.hashSync(PASSWORD, 4);

let folder: string;
let server: TestServer;
let admin: Person;
let addresses = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-import-'));
  server = await TestServer.start();
  admin = await server.administrator();
});
// What came before may have taken longer than a sign-in counts as recent.
beforeEach(async () => {
  admin = await server.signIn(admin.email);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Row {
  [field: string]: unknown;
  email: string;
}

/** A row that can be imported, with these fields instead. */
function row(fields: Record<string, unknown> = {}): Row {
  return {
    email: `imported${++addresses}@example.org`,
    emailVerified: true,
    passwordHash: BCRYPT,
    ...fields,
  };
}

interface Run {
  code: number | null;
  output: string;
  errors: string;
}

/** Starts the tool on the data of the server, or on this folder. */
function start(args: string[], dataDir = server.dataDir): [ChildProcess, Promise<Run>] {
  const child = spawn(process.execPath, [USERS, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, MODE: 'development', DATA_DIR: dataDir, BCRYPT_COST: '4' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const done = new Promise<Run>((resolve) => {
    child.on('close', (code) => resolve({ code, output, errors }));
  });
  return [child, done];
}

/** What it says beside the database it works on. */
function toldBy({ errors }: Run): string {
  return errors.replace(/^Database: .*\n/, '');
}

const tool = (...args: string[]): Promise<Run> => start(args)[1];

/** A file of these lines; what is no text is written as JSON. */
function file(lines: readonly unknown[]): string {
  const path = join(folder, `${randomUUID()}.ndjson`);
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(path, texts.map((text) => `${text}\n`).join(''));
  return path;
}

function importRows(lines: readonly unknown[], ...options: string[]): Promise<Run> {
  return tool('import', file(lines), ...options);
}

function login(email: string, password: string) {
  return server.post('/auth/login', { email, password });
}

function user(email: string) {
  return rows(server.dataDir, 'SELECT * FROM "User" WHERE "email" = ?', email)[0];
}

describe('a password hash of another system', () => {
  const imported = FOREIGN_HASHES.map((made) => ({ ...made, ...row({ passwordHash: made.hash }) }));
  const of = (format: string) => imported.filter((made) => made.format === format);

  beforeAll(async () => {
    const { code, output } = await importRows(
      imported.map(({ format: _, password: __, hash: ___, ...fields }) => fields),
    );
    const all = imported.length;
    expect(output.trim()).toBe(`${all} lines: ${all} imported, 0 skipped, 0 refused.`);
    expect(code).toBe(0);
  });

  it.each(FORMATS)('lets its owner in, and is then replaced by one of ours: %s', async (format) => {
    for (const { email, password, hash } of of(format)) {
      expect(user(email).passwordHash).toBe(`imported:${hash}`);
      expect((await login(email, `${password}!`.slice(1))).body.code).toBe('invalid_credentials');
      expect(user(email).passwordHash).toBe(`imported:${hash}`);

      expect((await login(email, password)).status).toBe(200);
      const own = user(email).passwordHash;
      expect(own).toMatch(/^\$2b\$04\$/);
      expect((await login(email, password)).status).toBe(200);
      expect((await login(email, `${password} `)).status).toBe(401);
      expect(user(email).passwordHash).toBe(own);
    }
  });

  it('works by Basic on any route, as often as asked, and for many at once', async () => {
    const { password, hash } = plainHash('werkzeug pbkdf2:sha256');
    const { email, ...fields } = row({ passwordHash: hash });
    await importRows([{ email, ...fields }]);
    const answers = await atOnce(50, () => server.get('/users/me', { basic: [email, password] }));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(user(email).passwordHash).toMatch(/^\$2b\$04\$/);
  });

  it('is found by a password that the keyboard has composed otherwise than NFKC', async () => {
    const composed = FOREIGN_HASHES.find(
      ({ format, password }) => format === 'phpass $P$' && password !== password.normalize('NFKC'),
    )!;
    const plain = plainHash('phpass $P$');
    const [first, second] = [
      row({ passwordHash: composed.hash }),
      row({ passwordHash: plain.hash }),
    ];
    await importRows([first, second]);
    // As typed; and typed in other characters that NFKC makes the same.
    expect((await login(first.email, composed.password)).status).toBe(200);
    expect((await login(first.email, composed.password.normalize('NFKC'))).status).toBe(200);
    const wide = plain.password.replace('c', 'ｃ');
    expect((await login(second.email, wide)).status).toBe(200);
  });

  it('counts in no way once its owner has set a new password', async () => {
    const { password, hash } = plainHash('bcrypt 2y');
    const { email, ...fields } = row({ passwordHash: hash });
    await importRows([{ email, ...fields }]);
    await server.post('/auth/password/forgot', { email });
    const { token } = await server.newestMail(email);
    const reset = await server.post('/auth/password/reset', {
      token,
      password: 'quite another one',
    });
    expect(reset.status).toBe(204);
    expect((await login(email, password)).status).toBe(401);
    expect((await login(email, 'quite another one')).status).toBe(200);
  });

  it('that is too costly is never computed, even when it stands in the database', async () => {
    const { email, ...fields } = row();
    await importRows([{ email, ...fields }]);
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    const hostile = `imported:scrypt:1073741824:8:1$salt$${'ab'.repeat(64)}`;
    db.prepare('UPDATE "User" SET "passwordHash" = ? WHERE "email" = ?').run(hostile, email);
    db.close();
    expect((await login(email, PASSWORD)).body.code).toBe('invalid_credentials');
    expect((await server.delete(`/users/${user(email).id}`, as(admin))).status).toBe(204);
  });
});

describe('a line', () => {
  const refusals: [string, unknown, string][] = [
    ['of no JSON', '{"email":', 'not JSON'],
    ['of a list', [row()], 'not a JSON object'],
    ['of null', 'null', 'not a JSON object'],
    ['that holds a field twice', '{"email":"a@example.org","email":"b@example.org"}', 'twice'],
    ['nested without end', '['.repeat(1000) + ']'.repeat(1000), 'nested'],
    ['longer than 64 kB', row({ name: 'x'.repeat(65_536) }), 'longer than 65536 bytes'],
    ['without an address', { emailVerified: true, passwordHash: BCRYPT }, 'email is missing'],
    ['with an address that is none', row({ email: 'ada at example.org' }), 'e-mail address'],
    ['without emailVerified', row({ emailVerified: undefined }), 'emailVerified is missing'],
    ['with emailVerified as text', row({ emailVerified: 'true' }), 'emailVerified'],
    ['without passwordHash', row({ passwordHash: undefined }), 'passwordHash is missing'],
    ['with a field it cannot keep', row({ isStaff: true }), 'isStaff'],
    ['with an id that is no UUID', row({ id: 42 }), 'id must be a UUID'],
    ['with an id of digits', row({ id: '42' }), 'id must be a UUID'],
    ['with a name of two lines', row({ name: 'Ada\nLovelace' }), 'name'],
    ['with a role that there is not', row({ roles: ['user', 'nobody'] }), 'no role nobody'],
    ['with a role that is no name', row({ roles: ['\u001b[31m'] }), 'names of roles'],
    ['with a role twice', row({ roles: ['user', 'user'] }), 'roles'],
    ['with a hash of no known form', row({ passwordHash: 'hunter2hunter2' }), 'no known format'],
    [
      'with a hostile hash',
      row({ passwordHash: `scrypt:1073741824:8:1$salt$${'ab'.repeat(64)}` }),
      'memory',
    ],
    ['with an endless hash', row({ passwordHash: `$2b$31$${'a'.repeat(53)}` }), 'cost 31'],
    [
      'with a hash of ours under another key',
      row({ passwordHash: `latchkey:0123456789abcdef:${BCRYPT}` }),
      'MASTER_KEY',
    ],
  ];

  it('that cannot be taken is refused with its number and the reason, never its hash; others are taken', async () => {
    const good = [row(), row()];
    const lines = [good[0], ...refusals.map(([, line]) => line), '', good[1]];
    const { code, output, errors } = await importRows(lines);
    expect(code).toBe(1);
    const said = output.trim().split('\n');
    expect(said).toHaveLength(refusals.length + 1);
    refusals.forEach(([what, , reason], i) => {
      expect(said[i], what).toContain(`line ${i + 2}: refused: `);
      expect(said[i], what).toContain(reason);
    });
    const all = refusals.length + 2;
    expect(said.at(-1)).toBe(`${all} lines: 2 imported, 0 skipped, ${refusals.length} refused.`);
    expect(output + errors).not.toMatch(/hunter2|abababab|aaaaaaaa|\u001b/);
    for (const { email } of good) expect((await login(email, PASSWORD)).status).toBe(200);
  });

  it('may end as on Windows, begin with a byte order mark, and be the last without an end', async () => {
    const path = join(folder, 'windows.ndjson');
    const [first, second] = [row(), row()];
    writeFileSync(path, `\ufeff${JSON.stringify(first)}\r\n\r\n${JSON.stringify(second)}`);
    expect((await tool('import', path)).output).toContain('2 lines: 2 imported');
  });

  it('is refused when its id belongs to another account', async () => {
    const { id } = await server.person();
    const [one, two] = [row({ id: randomUUID() }), row()];
    const { code, output } = await importRows([row({ id }), one, { ...two, id: one.id }]);
    expect(code).toBe(1);
    expect(output).toContain('line 1: refused: The id belongs to an account with another address.');
    expect(output).toContain('line 3: refused: The id belongs to an account with another address.');
    expect(output).toContain('1 imported, 0 skipped, 2 refused');
  });
});

describe('an imported account', () => {
  it('keeps its id, of whichever version, name, language, confirmed state, status and roles', async () => {
    const support = await makeRole(server, admin, ['users:read']);
    const id = 'A987FBC9-4BED-3078-8F07-9141BA07C9F3'; // version 3
    const kept = row({
      id,
      email: 'Grace@Example.org',
      name: 'Grace',
      locale: 'de-at',
      roles: ['admin', support],
    });
    const disabled = row({ status: 'disabled' });
    const unconfirmed = row({ emailVerified: false });
    expect((await importRows([kept, disabled, unconfirmed])).code).toBe(0);

    const me = await server.get('/users/me', { basic: ['grace@example.org', PASSWORD] });
    expect(me.body).toMatchObject({
      id: id.toLowerCase(),
      email: 'Grace@Example.org',
      emailVerified: true,
      name: 'Grace',
      roles: ['admin', support],
      status: 'active',
    });
    expect(user('Grace@Example.org').locale).toBe('de-AT');
    const other = await server.get(`/users/${id.toLowerCase()}`, as(admin));
    expect(other.status).toBe(200);
    expect((await login(disabled.email, PASSWORD)).body.code).toBe('account_disabled');
    expect((await login(unconfirmed.email, PASSWORD)).body.code).toBe('email_not_verified');
    expect(
      count(server.dataDir, 'AuditEvent', `"type" = 'user.imported' AND "subject" = ?`, me.body.id),
    ).toBe(1);
  });

  it('holds the role user when nothing is said', async () => {
    const { email, ...fields } = row();
    await importRows([{ email, ...fields }]);
    const me = await server.get('/users/me', { basic: [email, PASSWORD] });
    expect(me.body.roles).toEqual(['user']);
  });

  it('of another address in other letters is skipped: the account that is there stays as it is', async () => {
    const ada = await server.person('ada@example.org');
    const before = user(ada.email);
    const again = row({ email: ' ADA@Example.ORG', name: 'Somebody else', roles: ['admin'] });
    const { code, output } = await importRows([again]);
    expect(code).toBe(0);
    expect(output).toContain('line 1: skipped: The address has an account.');
    expect(user(ada.email)).toEqual(before);
    expect((await login(ada.email, ada.password)).status).toBe(200);
  });

  it('without a password gets one through a mail', async () => {
    const { email, ...fields } = row({ passwordHash: null });
    await importRows([{ email, ...fields }]);
    expect((await login(email, '')).status).not.toBe(200);
    await server.post('/auth/password/forgot', { email });
    const { token } = await server.newestMail(email);
    await server.post('/auth/password/reset', { token, password: PASSWORD });
    expect((await login(email, PASSWORD)).status).toBe(200);
  });

  it('that is not confirmed and holds more than the role user cannot be had by registering its address', async () => {
    const { email, ...fields } = row({ emailVerified: false, roles: ['admin', 'user'] });
    await importRows([{ email, ...fields }]);
    await server.post('/auth/register', { email, password: 'a stranger chose this' });
    expect((await login(email, 'a stranger chose this')).body.code).toBe('invalid_credentials');
    expect((await login(email, PASSWORD)).body.code).toBe('email_not_verified');
  });

  it('is there for a server in another process within a second', async () => {
    const other = await ServerProcess.start({}, server.dataDir);
    try {
      const { email, ...fields } = row();
      expect((await other.post('/auth/login', { email, password: PASSWORD })).status).toBe(401);
      await importRows([{ email, ...fields }]);
      await soon(async () => {
        const answer = await other.post('/auth/login', { email, password: PASSWORD });
        expect(answer.status).toBe(200);
      });
    } finally {
      await other.end('SIGKILL');
    }
  });
});

describe('an import', () => {
  it('tried with --dry-run says the same and writes nothing', async () => {
    const ada = await server.person();
    const [first, second] = [row({ id: randomUUID() }), row()];
    const lines = [
      first,
      second,
      row({ roles: ['nobody'] }),
      { ...first, id: undefined },
      { ...row(), id: first.id },
      row({ email: ada.email }),
      '{}',
      ...Array.from({ length: 1000 }, () => row()),
      { ...second, name: 'Again, far below' },
    ];
    await server.settled();
    const before = digest(server.dataDir);
    const dry = await importRows(lines, '--dry-run');
    expect(digest(server.dataDir)).toBe(before);
    const real = await importRows(lines);
    expect([dry.code, real.code]).toEqual([1, 1]);
    expect(dry.output).toContain(
      '1008 lines: 1002 would be imported, 3 skipped, 3 refused. Nothing was written.',
    );
    expect(dry.output.split('\n').slice(0, -2)).toEqual(real.output.split('\n').slice(0, -2));
    expect(real.output).toContain('1008 lines: 1002 imported, 3 skipped, 3 refused.');
  });

  it('of the same file twice changes nothing the second time', async () => {
    const lines = Array.from({ length: 1200 }, () => row());
    const path = file(lines);
    expect((await tool('import', path)).output).toBe(
      '1200 lines: 1200 imported, 0 skipped, 0 refused.\n',
    );
    await server.settled();
    const before = digest(server.dataDir);
    const second = await tool('import', path);
    expect(second.output).toContain('1200 lines: 0 imported, 1200 skipped, 0 refused.');
    expect(second.code).toBe(0);
    expect(digest(server.dataDir)).toBe(before);
  });

  it('of one file by two processes at once makes each account once', async () => {
    const lines = Array.from({ length: 1000 }, () => row());
    const path = file(lines);
    const runs = await Promise.all([tool('import', path), tool('import', path)]);
    const imported = runs.map(({ output }) => Number(/(\d+) imported/.exec(output)![1]));
    expect(imported[0]! + imported[1]!).toBe(1000);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  });

  it('killed in the middle leaves whole accounts, and goes on where it was', async () => {
    const dataDir = join(folder, 'killed');
    mkdirSync(dataDir, { mode: 0o700 });
    const lines = Array.from({ length: 6000 }, () => row({ roles: ['user', 'admin'] }));
    const path = file(lines);
    // Reads from a pipe that gives it two thirds: it cannot have come to its end when it is killed.
    const pipe = join(folder, 'killed.ndjson');
    execFileSync('mkfifo', [pipe]);
    const [child, done] = start(['import', pipe, '--new'], dataDir);
    const feed = createWriteStream(pipe).on('error', () => {}); // it does not read to the end
    const text = readFileSync(path);
    feed.write(text.subarray(0, (text.length / 3) * 2));
    await soon(() => expect(count(dataDir, 'User')).toBeGreaterThan(0));
    child.kill('SIGKILL');
    expect((await done).code).toBeNull();
    feed.destroy();

    const there = count(dataDir, 'User');
    expect(there).toBeLessThan(6000);
    expect(there % 500).toBe(0);
    expect(count(dataDir, 'UserRole')).toBe(2 * there);
    expect(count(dataDir, 'AuditEvent', `"type" = 'user.imported'`)).toBe(there);

    const { output, code } = await start(['import', path], dataDir)[1];
    expect(code).toBe(0);
    expect(output).toContain(`6000 lines: ${6000 - there} imported, ${there} skipped, 0 refused.`);
    expect(count(dataDir, 'UserRole')).toBe(12_000);
  });

  it('says so when there is no such file, or it was called wrongly', async () => {
    const missing = await tool('import', 'missing.ndjson');
    expect([missing.code, toldBy(missing)]).toEqual([
      64,
      expect.stringMatching(/missing\.ndjson cannot be read \(ENOENT\)\.\n$/),
    ]);
    for (const args of [[], ['import', 'a', '--wet']]) {
      const { code, errors } = await tool(...args);
      expect(code).toBe(64);
      expect(errors).toContain('Usage: npm run users -- import');
    }
  });
});

describe('an export', () => {
  let other: string;
  beforeEach(() => {
    other = join(folder, randomUUID());
    mkdirSync(other, { mode: 0o700 });
  });
  afterEach(() => rmSync(other, { recursive: true }));

  const parse = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('holds every account in the form an import takes, and no hash', async () => {
    const { code, output, errors } = await tool('export');
    expect([code, errors]).toEqual([0, `Database: ${join(server.dataDir, 'latchkey.db')}\n`]);
    const exported = parse(output);
    expect(exported).toHaveLength(count(server.dataDir, 'User'));
    expect(new Set(exported.map(({ passwordHash }) => passwordHash))).toEqual(new Set([null]));
    expect(output).not.toContain('$2b$');
    expect(exported.find(({ email }) => email === 'Grace@Example.org')).toMatchObject({
      id: 'a987fbc9-4bed-3078-8f07-9141ba07c9f3',
      name: 'Grace',
      locale: 'de-AT',
      emailVerified: true,
    });
  });

  it('with hashes comes back whole under the same master key, ours and those not yet replaced', async () => {
    const ada = await server.person();
    const waiting = row({ passwordHash: plainHash('phpass $H$').hash });
    await importRows([waiting]);
    const path = join(folder, 'users.ndjson');
    expect(await tool('export', path, '--with-hashes')).toEqual({
      code: 0,
      output: '',
      errors: expect.stringMatching(/^Database: \S+\n$/),
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);

    // Roles of another system are made there first.
    const needed = new Set(parse(readFileSync(path, 'utf8')).flatMap(({ roles }) => roles));
    writeFileSync(
      join(other, 'master.key'),
      readFileSync(join(server.dataDir, 'master.key'), 'utf8'),
      { mode: 0o600 },
    );
    await start(['export', '--new'], other)[1]; // makes the database
    const db = new BetterSqlite3(join(other, 'latchkey.db'));
    const make = db.prepare(
      `INSERT OR IGNORE INTO "Role" VALUES (?, ?, '', '[]', FALSE, '2026-01-01T00:00:00.000+00:00')`,
    );
    for (const name of needed) make.run(randomUUID(), name);
    db.close();

    const { code, output } = await start(['import', path], other)[1];
    expect(output).toMatch(/ 0 skipped, 0 refused\.\n$/);
    expect(code).toBe(0);
    for (const { email } of [ada, waiting]) {
      const [moved] = rows(other, 'SELECT * FROM "User" WHERE "email" = ?', email);
      expect(moved.passwordHash).toBe(user(email).passwordHash);
    }
    const again = await start(['export', '--with-hashes'], other)[1];
    expect(again.output).toBe(readFileSync(path, 'utf8'));
  });

  it('with hashes is refused under another master key, line by line', async () => {
    const path = join(folder, 'elsewhere.ndjson');
    const ada = await server.person();
    await tool('export', path, '--with-hashes');
    const mine = readFileSync(path, 'utf8')
      .split('\n')
      .find((line) => line.includes(ada.email))!;
    const { code, output } = await start(['import', file([mine]), '--new'], other)[1];
    expect(code).toBe(1);
    expect(output).toContain('line 1: refused: The passwordHash was made under another MASTER_KEY');
  });

  it('that cannot be written says so', async () => {
    const { code, errors } = await tool('export', join(folder, 'no', 'such', 'folder'));
    expect([code, errors]).toEqual([64, expect.stringContaining('cannot be written (ENOENT)')]);
  });
});
