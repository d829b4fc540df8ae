import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Audit } from '../src/audit/audit.js';
import { ChainCheck } from '../src/audit/chain-check.js';
import { migrate, MIGRATIONS_FOLDER } from '../src/database/migrate.js';
import { CleanUp } from '../src/maintenance/clean-up.js';
import { DAY, HOUR } from './support/clock.js';
import { as, giveRoles, makeRole } from './support/people.js';
import { ServerProcess } from './support/process.js';
import { atOnce } from './support/races.js';
import { count, rows } from './support/rows.js';
import { PASSWORD, TestServer } from './support/server.js';

const AUDIT = fileURLToPath(new URL('../dist/cli/audit.js', import.meta.url));
const TRIGGERS = ['follows_the_newest', 'is_never_changed', 'is_kept'];

const MASTER_KEY = randomBytes(32).toString('base64');

const scratch = mkdtempSync(join(tmpdir(), 'latchkey-chain-'));
let server: TestServer;
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Writes to the file like somebody who has it: past the server and its triggers. */
function tamper(work: (db: BetterSqlite3.Database) => void, dataDir = server.dataDir): void {
  const db = new BetterSqlite3(join(dataDir, 'latchkey.db'), { timeout: 5000 });
  try {
    for (const name of TRIGGERS) db.exec(`DROP TRIGGER IF EXISTS "AuditEvent_${name}"`);
    work(db);
  } finally {
    db.close();
  }
}

function check(head?: string) {
  return server.app.get(ChainCheck).run(head);
}

async function record(times: number, subject = 'subject'): Promise<void> {
  for (let nr = 0; nr < times; nr++) {
    await server.app
      .get(Audit)
      .record({ type: 'role.changed', subject, before: nr, after: nr + 1 });
  }
}

/** Runs `npm run audit -- ...` on the data of a server, without building. */
function tool(dataDir: string, ...args: string[]): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [AUDIT, ...args], {
      cwd: dataDir,
      env: { PATH: process.env.PATH, MODE: 'development', DATA_DIR: dataDir },
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
    }
    child.on('close', (code) => resolve({ code, out }));
  });
}

describe('the audit trail', () => {
  beforeEach(async () => {
    server = await TestServer.start();
    const admin = await server.administrator();
    const person = await server.person();
    await giveRoles(server, admin, person, [await makeRole(server, admin, [])]);
    await record(3);
  });
  afterEach(() => server.stop());

  it('holds as the server wrote it', async () => {
    const report = await check();
    expect(report).toMatchObject({ fault: undefined, lines: count(server.dataDir, 'AuditEvent') });
  });

  it.each([
    'id',
    'at',
    'type',
    'actor',
    'subject',
    'ip',
    'requestId',
    'scheme',
    'detail',
    'previousHash',
    'hash',
  ])('[16.4.2] shows one flipped bit in "%s", with the line it is in', async (column) => {
    const [line] = rows(server.dataDir, `SELECT * FROM AuditEvent WHERE type = 'roles.changed'`);
    const value = Buffer.from(line[column]);
    for (const bit of [0, 3, value.length * 4 + 1, value.length * 8 - 1, value.length * 8 - 6]) {
      const flipped = Buffer.from(value);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const as = typeof line[column] === 'string' ? 'CAST(? AS TEXT)' : '?';
      const put = `UPDATE AuditEvent SET "${column}" = ${as} WHERE seq = ${line.seq}`;
      tamper((db) => void db.prepare(put).run(flipped));
      expect((await check()).fault).toMatchObject({ seq: line.seq, kind: 'changed' });
      tamper((db) => void db.prepare(put).run(value));
      expect((await check()).fault).toBeUndefined();
    }
  });

  it.each([
    [
      'a value of another kind',
      `UPDATE AuditEvent SET subject = CAST(subject AS BLOB) WHERE seq = 5`,
      5,
      'changed',
    ],
    [
      'a value that was taken away',
      `UPDATE AuditEvent SET actor = NULL WHERE type = 'roles.changed'`,
      undefined,
      'changed',
    ],
    [
      'a value that was added',
      `UPDATE AuditEvent SET detail = '{}' WHERE type = 'user.verified'`,
      undefined,
      'changed',
    ],
    ['a hash that was taken away', `UPDATE AuditEvent SET hash = NULL WHERE seq = 4`, 4, 'changed'],
    ['the first line that was removed', `DELETE FROM AuditEvent WHERE seq = 1`, 2, 'missing'],
    ['a line that was removed', `DELETE FROM AuditEvent WHERE seq = 3`, 4, 'missing'],
    ['lines that were removed', `DELETE FROM AuditEvent WHERE seq IN (3, 4, 5)`, 6, 'missing'],
    [
      'two lines that changed places',
      `UPDATE AuditEvent SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4);
       UPDATE AuditEvent SET seq = -seq WHERE seq < 0`,
      3,
      'order',
    ],
    [
      'a line that somebody added',
      `INSERT INTO AuditEvent (id, at, type, previousHash, hash)
       SELECT 'x', at, 'login.succeeded', hash, zeroblob(32) FROM AuditEvent ORDER BY seq DESC LIMIT 1`,
      undefined,
      'changed',
    ],
    [
      'a line that somebody added before the first',
      `INSERT INTO AuditEvent (seq, id, at, type) VALUES (-1, 'x', '2026-01-01T00:00:00.000+00:00', 'user.deleted')`,
      -1,
      'changed',
    ],
    [
      'a checkpoint that somebody made to remove lines',
      `INSERT INTO AuditCheckpoint (id, seq, hash, mac) SELECT 1, seq, hash, zeroblob(32) FROM AuditEvent WHERE seq = 3;
       DELETE FROM AuditEvent WHERE seq <= 3`,
      3,
      'changed',
    ],
  ])('shows %s', async (_what, sql, seq, kind) => {
    tamper((db) => db.exec(sql));
    const { fault } = await check();
    expect(fault).toMatchObject({ kind, ...(seq === undefined ? {} : { seq }) });
  });

  it('that was cut off at its end shows it to whoever noted its head', async () => {
    const { head } = await check();
    await record(2);
    expect((await check(head.hash)).holdsHead).toBe(true);
    tamper((db) => db.exec(`DELETE FROM AuditEvent WHERE seq >= ${head.seq}`));
    expect(await check(head.hash)).toMatchObject({ fault: undefined, holdsHead: false });
    await record(5); // and goes on as if nothing had been
    expect(await check(head.hash)).toMatchObject({ fault: undefined, holdsHead: false });
  });

  it.each([
    `UPDATE AuditEvent SET type = 'x' WHERE seq = 1`,
    `DELETE FROM AuditEvent WHERE seq = 1`,
    `DELETE FROM AuditEvent`,
    `INSERT INTO AuditEvent (id, at, type) VALUES ('x', 'x', 'x')`,
    `INSERT INTO AuditEvent (id, at, type, previousHash, hash) VALUES ('x', 'x', 'x', zeroblob(32), zeroblob(32))`,
    `REPLACE INTO AuditEvent (seq, id, at, type) VALUES (1, 'x', 'x', 'x')`,
  ])('refuses by itself, without the server: %s', (sql) => {
    const db = new BetterSqlite3(join(server.dataDir, 'latchkey.db'), { timeout: 5000 });
    expect(() => db.exec(sql)).toThrow('audit trail');
    db.close();
  });

  it('[16.5.3] and the change it records are there together or not at all', async () => {
    const admin = await server.administrator();
    const person = await server.person();
    tamper((db) =>
      db.exec(`CREATE TRIGGER "broken" BEFORE INSERT ON "AuditEvent" WHEN NEW.type = 'roles.changed'
               BEGIN SELECT RAISE(ABORT, 'no'); END`),
    );
    const before = count(server.dataDir, 'AuditEvent');
    const answer = await server.put(`/users/${person.id}/roles`, { roles: ['admin'] }, as(admin));
    expect([answer.status, answer.body.code]).toEqual([500, 'internal_error']);
    expect((await server.get('/users/me', as(person))).body.roles).toEqual(['user']);
    expect(count(server.dataDir, 'AuditEvent')).toBe(before);

    tamper((db) => db.exec('DROP TRIGGER "broken"'));
    await giveRoles(server, admin, person, ['admin']);
    expect(
      count(server.dataDir, 'AuditEvent', `type = 'roles.changed' AND subject = ?`, person.id),
    ).toBe(1);
    expect((await check()).fault).toBeUndefined();
  });

  it('is one chain whatever happens at once', async () => {
    await atOnce<unknown>(60, (nr) =>
      nr % 3 === 0
        ? record(2, `many-${nr}`)
        : server.post('/auth/register', { email: `many${nr}@example.org`, password: PASSWORD }),
    );
    const report = await check();
    expect(report.fault).toBeUndefined();
    expect(report.lines).toBeGreaterThan(80);
  });

  it('takes many lines at once', async () => {
    const before = count(server.dataDir, 'AuditEvent');
    const lines = Array.from({ length: 1000 }, () => ({
      type: 'user.imported' as const,
      subject: 'x',
    }));
    await server.app.get(Audit).recordAll(lines);
    await server.app.get(Audit).recordAll([]);
    expect(await check()).toMatchObject({ fault: undefined, lines: before + 1000 });
  });
});

describe('old lines', () => {
  afterEach(() => server.stop());
  const cleanUp = () => server.app.get(CleanUp).runIfDue();

  it('[14.2.7] are removed when AUDIT_RETENTION has passed, and the rest still proves itself', async () => {
    server = await TestServer.start({ AUDIT_RETENTION: '30d' });
    await record(1203, 'old');
    server.clock.advance(20 * DAY);
    await record(5, 'young');
    expect((await cleanUp())!.auditEvents).toBe(0);
    server.clock.advance(11 * DAY);
    expect((await cleanUp())!.auditEvents).toBe(1203);
    expect(count(server.dataDir, 'AuditEvent', `subject = 'old'`)).toBe(0);
    expect(await check()).toMatchObject({ fault: undefined, lines: 5, from: { seq: 1203 } });

    server.clock.advance(30 * DAY);
    expect((await cleanUp())!.auditEvents).toBe(5);
    expect(await check()).toMatchObject({ fault: undefined, lines: 0, head: { seq: 1208 } });
    await record(2);
    expect(await check()).toMatchObject({ fault: undefined, lines: 2, from: { seq: 1208 } });
  });

  it('are kept for 400 days by default, and for ever by 0', async () => {
    server = await TestServer.start();
    await record(3);
    server.clock.advance(399 * DAY);
    expect((await cleanUp())!.auditEvents).toBe(0);
    server = await server.restart({ AUDIT_RETENTION: '0' });
    server.clock.advance(4000 * DAY);
    expect((await cleanUp())!.auditEvents).toBe(0);
    server = await server.restart({ AUDIT_RETENTION: '400d' });
    server.clock.advance(HOUR);
    expect((await cleanUp())!.auditEvents).toBe(3);
  });

  it('that are not what the server wrote stay, so that no checkpoint vouches for them', async () => {
    server = await TestServer.start({ AUDIT_RETENTION: '30d' });
    await record(3, 'young');
    tamper((db) => db.exec(`UPDATE AuditEvent SET at = '2001-01-01T00:00:00.000+00:00'`));
    expect((await cleanUp())!.auditEvents).toBe(0);
    expect(count(server.dataDir, 'AuditEvent')).toBe(3);
    expect(server.logLines.join('')).toContain('line 1 is not what the server wrote');
  });

  it('cannot be brought back, or added, behind the checkpoint', async () => {
    server = await TestServer.start({ AUDIT_RETENTION: '30d' });
    await record(3);
    server.clock.advance(31 * DAY);
    await cleanUp();
    await record(1);
    tamper((db) =>
      db.exec(`INSERT INTO AuditEvent (seq, id, at, type, previousHash, hash)
               VALUES (2, 'x', '2026-01-01T00:00:00.000+00:00', 'x', zeroblob(32), zeroblob(32))`),
    );
    expect((await check()).fault).toMatchObject({ seq: 2, kind: 'changed' });
  });
});

describe('lines from before there was a chain', () => {
  /** A data folder as the version before the chain left it. */
  function older(lines: number): string {
    const dataDir = join(scratch, `older-${lines}`);
    const migrations = join(scratch, `migrations-${lines}`);
    mkdirSync(dataDir);
    mkdirSync(migrations);
    for (const name of readdirSync(MIGRATIONS_FOLDER)) {
      if (/audit_chain/.test(name)) break;
      cpSync(join(MIGRATIONS_FOLDER, name), join(migrations, name), { recursive: true });
    }
    const file = join(dataDir, 'latchkey.db');
    migrate(file, dataDir, migrations);
    const db = new BetterSqlite3(file);
    const add = db.prepare(
      `INSERT INTO AuditEvent (id, at, type, subject, detail) VALUES (?, ?, ?, ?, ?)`,
    );
    for (let nr = 0; nr < lines; nr++) {
      add.run(`id-${nr}`, '2026-01-01T00:00:00.000+00:00', 'user.registered', 's', '{"after":1}');
    }
    db.close();
    return dataDir;
  }
  afterEach(() => server.stop());

  it('are bound into it at the first start, which is recorded', async () => {
    server = await TestServer.start({ MASTER_KEY }, older(1100));
    const report = await check();
    expect(report).toMatchObject({ fault: undefined, lines: 1101, bound: { seq: 1101 } });
    const events = rows(server.dataDir, 'SELECT * FROM AuditEvent ORDER BY seq');
    expect(events[1099]).toMatchObject({ id: 'id-1099', detail: '{"after":1}' });
    expect(events[1100]).toMatchObject({ type: 'audit.chained', subject: 'id-1099' });
    server = await server.restart();
    expect(count(server.dataDir, 'AuditEvent')).toBe(1101);
  });

  it('are not what lines become whose hashes somebody took away', async () => {
    server = await TestServer.start({ MASTER_KEY }, older(3));
    await record(3);
    tamper((db) => db.exec('UPDATE AuditEvent SET hash = NULL, previousHash = NULL WHERE seq > 3'));
    server = await server.restart();
    expect((await check()).fault).toMatchObject({ seq: 4, kind: 'changed' });
  });
});

describe('npm run audit -- verify', () => {
  const processes: ServerProcess[] = [];
  const env = { PUBLIC_URL: 'http://localhost:4998' };
  afterEach(async () => {
    for (const each of processes.splice(0)) await each.dispose();
  });

  async function start(dataDir?: string): Promise<ServerProcess> {
    const started = await ServerProcess.start(env, dataDir);
    processes.push(started);
    return started;
  }

  it('proves the chain that two processes wrote at once, while they write', async () => {
    const first = await start();
    const second = await start(first.dataDir);
    const writing = atOnce(80, (nr) =>
      (nr % 2 === 0 ? first : second).post('/auth/register', {
        email: `both${nr}@example.org`,
        password: PASSWORD,
      }),
    );
    const meanwhile = await tool(first.dataDir, 'verify');
    expect(meanwhile).toMatchObject({ code: 0, out: expect.stringContaining('holds') });
    await writing;
    const { code, out } = await tool(first.dataDir, 'verify');
    expect(out).toContain('The audit trail holds: 80 lines.');
    expect(code).toBe(0);
  });

  it('proves the chain after kill -9, with a line for each account there is', async () => {
    const { dataDir } = await start();
    for (let round = 0; round < 4; round++) {
      const server = round === 0 ? processes[0]! : await start(dataDir);
      const before = count(dataDir, 'User');
      const writing = atOnce(30, (nr) =>
        server
          .post('/auth/register', { email: `round${round}-${nr}@example.org`, password: PASSWORD })
          .catch(() => undefined),
      );
      await expect.poll(() => count(dataDir, 'User')).toBeGreaterThan(before + 3);
      await server.end('SIGKILL');
      await writing;
    }
    expect((await tool(dataDir, 'verify')).code).toBe(0);
    expect(count(dataDir, 'AuditEvent', `type = 'user.registered'`)).toBe(count(dataDir, 'User'));
  });

  it('names the line that is broken, and exits with 1', async () => {
    const { dataDir, ...server } = await start();
    for (let nr = 0; nr < 4; nr++) {
      await server.post('/auth/register', { email: `broken${nr}@example.org`, password: PASSWORD });
    }
    const { out } = await tool(dataDir, 'verify');
    const head = /^Head: (4:[0-9a-f]{64})$/m.exec(out)![1]!;
    expect((await tool(dataDir, 'verify', '--head', head)).code).toBe(0);

    tamper((db) => db.exec('DELETE FROM AuditEvent WHERE seq = 4'), dataDir);
    const cut = await tool(dataDir, 'verify', '--head', head);
    expect(cut).toMatchObject({ code: 1, out: expect.stringContaining('CUT OFF') });
    expect((await tool(dataDir, 'verify')).code).toBe(0); // nobody can tell without a head

    tamper((db) => db.exec(`UPDATE AuditEvent SET ip = '192.0.2.1' WHERE seq = 2`), dataDir);
    const broken = await tool(dataDir, 'verify');
    expect(broken.code).toBe(1);
    expect(broken.out).toContain('BROKEN at line 2 (changed)');
  });

  it.each([
    [
      'a trigger that takes lines away as they are written',
      `CREATE TRIGGER hide AFTER INSERT ON AuditEvent WHEN NEW.type = 'user.registered'
       BEGIN DELETE FROM AuditEvent WHERE seq = NEW.seq; END`,
      'trigger "hide" on "AuditEvent"',
    ],
    [
      'a trigger of another table that does',
      `CREATE TRIGGER hide AFTER INSERT ON OutboxMail
       BEGIN DELETE FROM AuditEvent WHERE seq = (SELECT max(seq) FROM AuditEvent); END`,
      'trigger "hide" on "OutboxMail"',
    ],
    [
      'a table that ignores some lines',
      `PRAGMA writable_schema = ON;
       UPDATE sqlite_master SET sql = replace(sql, '"id" TEXT', '"id" /* */ TEXT') WHERE name = 'AuditEvent'`,
      'table "AuditEvent"',
    ],
  ])('names %s', async (_, sql, named) => {
    const { dataDir, ...server } = await start();
    expect((await tool(dataDir, 'verify')).code).toBe(0);
    tamper((db) => void db.unsafeMode().exec(sql), dataDir);
    await server.post('/auth/register', { email: 'hidden@example.org', password: PASSWORD });
    const { code, out } = await tool(dataDir, 'verify');
    expect(out).toContain(`NOT PROVEN: ${named}`);
    expect(code).toBe(1);
  });

  it('takes no chain for whole that was made anew, unless it holds a head noted since', async () => {
    const { dataDir, ...server } = await start();
    for (const nr of [1, 2]) {
      await server.post('/auth/register', { email: `anew${nr}@example.org`, password: PASSWORD });
    }
    const headOf = (out: string) => /^Head: (.+)$/m.exec(out)![1]!;
    const before = headOf((await tool(dataDir, 'verify')).out);
    tamper((db) => {
      db.exec('UPDATE AuditEvent SET hash = NULL, previousHash = NULL');
      db.exec(`UPDATE AuditEvent SET ip = '192.0.2.1' WHERE seq = 2`);
    }, dataDir);
    const anew = await tool(dataDir, 'verify');
    expect(anew).toMatchObject({ code: 1, out: expect.stringContaining('NOT PROVEN') });
    expect((await tool(dataDir, 'verify', '--head', before)).code).toBe(1);
    expect((await tool(dataDir, 'verify', '--head', headOf(anew.out))).code).toBe(0);
  });

  it('says how it is used to whoever uses it otherwise', async () => {
    const { dataDir } = await start();
    for (const args of [[], ['prove'], ['verify', '--head', 'abc'], ['verify', '--what']]) {
      expect(await tool(dataDir, ...args)).toMatchObject({
        code: 64,
        out: expect.stringContaining('Usage: npm run audit'),
      });
    }
  });
});

describe('the log', () => {
  afterEach(() => server.stop());

  it('holds the head of the trail every hour, out of reach of whoever can write the file', async () => {
    server = await TestServer.start();
    await record(3);
    await server.app.get(CleanUp).runIfDue();
    const line = server.logLines.find((text) => text.includes('auditHead'))!;
    const [seq, hash] = JSON.parse(line).auditHead.split(':');
    expect(seq).toBe('3');
    expect(await check(hash)).toMatchObject({ holdsHead: true });
  });
});
