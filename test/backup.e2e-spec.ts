import { randomBytes, randomInt } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyBackup } from '../src/backup/verify.js';
import { loadConfig } from '../src/config/load-config.js';
import { ServerProcess } from './support/process.js';
import { atOnce } from './support/races.js';
import { count, digest, rows } from './support/rows.js';
import { soon } from './support/soon.js';
import { startTool, type ToolRun } from './support/tool.js';

const PASSWORD = 'correct horse battery staple';
const ENV = { PUBLIC_URL: 'http://localhost:4998' };

// Many processes are started one after the other: a slow machine needs minutes.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let scratch: string;
let folders = 0;
const servers: ServerProcess[] = [];

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'latchkey-backup-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.end('SIGKILL')));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function freshFolder(): string {
  return join(scratch, `data-${++folders}`);
}

async function start(dataDir: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  mkdirSync(dataDir, { recursive: true });
  const server = await ServerProcess.start({ ...ENV, ...env }, dataDir);
  servers.push(server);
  return server;
}

function backup(
  dataDir: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ToolRun> {
  return startTool('backup', args, dataDir, { ...ENV, ...env }).done;
}

/** Makes a backup; gives its path. */
async function create(
  dataDir: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, output, errors } = await backup(dataDir, ['create', ...args], env);
  if (code !== 0) throw new Error(`create: ${errors}`);
  return output.trim();
}

interface Person {
  email: string;
  access: string;
  refresh: string;
}

async function person(server: ServerProcess, email: string): Promise<Person> {
  await server.post('/auth/register', { email, password: PASSWORD });
  const { token } = await server.mail(email);
  await server.post('/auth/verify-email', { token });
  const { body } = await server.post('/auth/login', { email, password: PASSWORD });
  return { email, access: body.access_token, refresh: body.refresh_token };
}

/** Changes that stand half in the file would show here. */
function halves(dataDir: string): unknown[] {
  return [
    `SELECT id FROM User WHERE id NOT IN (SELECT userId FROM UserRole)`,
    `SELECT id FROM User WHERE id NOT IN
       (SELECT subject FROM AuditEvent WHERE type = 'user.registered')`,
    `SELECT id FROM User WHERE emailVerifiedAt IS NOT NULL AND id NOT IN
       (SELECT subject FROM AuditEvent WHERE type = 'user.verified')`,
    `SELECT id FROM Session WHERE endedAt IS NOT NULL AND id NOT IN
       (SELECT json_extract(detail, '$.after.session') FROM AuditEvent WHERE type = 'session.ended')`,
  ].flatMap((sql) => rows(dataDir, sql));
}

describe('a backup made while others write', () => {
  it('is what was committed at one moment, and lives elsewhere', async () => {
    const dataDir = freshFolder();
    const server = await start(dataDir);
    const early = await person(server, 'early@example.org');
    let stopped = false;
    let nr = 0;
    const lanes = atOnce(4, async () => {
      while (!stopped) {
        const { access } = await person(server, `busy${++nr}@example.org`);
        if (nr % 2 === 0) await server.post('/auth/logout', undefined, { bearer: access });
      }
    });
    const made: string[] = [];
    for (let round = 0; round < 5; round++) made.push(await create(dataDir));
    // The last one holds more than the first, however fast they were made.
    await soon(() => expect(count(dataDir, 'User')).toBeGreaterThan(count(made[0]!, 'User')));
    made.push(await create(dataDir));
    stopped = true;
    await lanes;
    const late = await person(server, 'late@example.org');
    await server.end('SIGTERM');

    for (const path of made) {
      expect(halves(path)).toEqual([]);
      expect(count(path, 'User', `emailKey = 'late@example.org'`)).toBe(0);
    }
    expect(count(made.at(-1)!, 'User')).toBeGreaterThan(count(made[0]!, 'User'));

    const elsewhere = freshFolder();
    const restored = await backup(elsewhere, ['restore', made.at(-1)!, '--keep-sessions']);
    expect(restored).toMatchObject({ code: 0, errors: '' });
    // Row for row the same, but for the line that says so.
    const added = rows(elsewhere, `SELECT seq FROM AuditEvent WHERE type = 'database.restored'`);
    expect(added).toHaveLength(1);
    const db = new BetterSqlite3(join(elsewhere, 'latchkey.db'));
    db.exec(`DROP TRIGGER AuditEvent_is_kept`);
    db.exec(`DELETE FROM AuditEvent WHERE type = 'database.restored'`);
    db.exec(`UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'AuditEvent'`);
    db.close();
    expect(digest(elsewhere)).toBe(digest(made.at(-1)!));

    const there = await start(elsewhere);
    expect((await there.get('/users/me', { bearer: early.access })).status).toBe(200);
    const refreshed = await there.post('/auth/refresh', { refresh_token: early.refresh });
    expect(refreshed.status).toBe(200);
    const login = { email: early.email, password: PASSWORD };
    expect((await there.post('/auth/login', login)).status).toBe(200);
    // Signed by the same key, but of somebody who is not in the backup.
    const unknown = await there.get('/users/me', { bearer: late.access });
    expect(unknown.body.code).toBe('token_revoked');
  });
});

describe('a backup', () => {
  let dataDir: string;
  let made: string;

  beforeAll(async () => {
    dataDir = freshFolder();
    const server = await start(dataDir);
    await person(server, 'ada@example.org');
    made = await create(dataDir);
  });

  const config = () => loadConfig({ MODE: 'development', DATA_DIR: freshFolder() }, scratch);

  it('lies in DATA_DIR, and is nobody else’s to read', () => {
    expect(made.startsWith(join(dataDir, 'backups', 'backup-'))).toBe(true);
    expect(statSync(made).mode & 0o777).toBe(0o700);
    const names = ['latchkey.db', 'manifest.json', 'manifest.mac', 'master.key'];
    expect(readdirSync(made).sort()).toEqual(names);
    expect(names.map((name) => statSync(join(made, name)).mode & 0o777)).toEqual(
      names.map(() => 0o600),
    );
  });

  it('is found whole', async () => {
    const verified = await backup(freshFolder(), ['verify', made]);
    expect(verified).toMatchObject({ code: 0, errors: '' });
    expect(verified.output).toContain('1 accounts');
  });

  it('is not changed by being looked at, and makes nothing', async () => {
    const before = readdirSync(made).map((name) => readFileSync(join(made, name)).toString('hex'));
    const elsewhere = freshFolder();
    await backup(elsewhere, ['verify', made]);
    expect(readdirSync(made).map((name) => readFileSync(join(made, name)).toString('hex'))).toEqual(
      before,
    );
    expect(existsSync(elsewhere)).toBe(false);
  });

  it.each(['latchkey.db', 'master.key', 'manifest.json', 'manifest.mac'])(
    'is not whole with one bit of %s the other way',
    (name) => {
      const copy = join(scratch, `flipped-${name}`);
      cpSync(made, copy, { recursive: true });
      const whole = readFileSync(join(copy, name));
      const places =
        whole.length < 5000
          ? [...whole.keys()]
          : Array.from({ length: 300 }, () => randomInt(whole.length));
      for (const place of places) {
        const flipped = Buffer.from(whole);
        flipped[place]! ^= 1 << randomInt(8);
        writeFileSync(join(copy, name), flipped);
        expect(() => verifyBackup(copy, config()), `byte ${place}`).toThrow(copy);
      }
      writeFileSync(join(copy, name), whole);
      expect(verifyBackup(copy, config()).manifest.masterKey).toBe('included');
    },
  );

  it('is not whole with a file too many or too few, and the tool says which', async () => {
    const copy = join(scratch, 'files');
    cpSync(made, copy, { recursive: true });
    writeFileSync(join(copy, 'latchkey.db-wal'), '');
    const more = await backup(freshFolder(), ['verify', copy]);
    expect(more).toMatchObject({ code: 1, output: '' });
    expect(more.errors).toContain(join(copy, 'latchkey.db-wal'));
    rmSync(join(copy, 'latchkey.db-wal'));
    rmSync(join(copy, 'master.key'));
    const fewer = await backup(freshFolder(), ['restore', copy]);
    expect(fewer).toMatchObject({ code: 1, output: '' });
    expect(fewer.errors).toContain(`${join(copy, 'master.key')} is missing`);
  });

  it('goes to another folder, and the older ones there can go', async () => {
    const elsewhere = join(scratch, 'kept');
    mkdirSync(join(elsewhere, 'of-somebody-else'), { recursive: true });
    const paths: string[] = [];
    for (let nr = 0; nr < 4; nr++) paths.push(await create(dataDir, [elsewhere, '--keep', '2']));
    expect(readdirSync(elsewhere).map((name) => join(elsewhere, name))).toEqual([
      ...paths.slice(2),
      join(elsewhere, 'of-somebody-else'),
    ]);
  });

  it.each([
    [['create', '--keep', '0']],
    [['create', '--force']],
    [['verify']],
    [['restore']],
    [['restore', 'a', 'b']],
    [['remove']],
    [[]],
  ])('%j is no use of the tool', async (args) => {
    const { code, errors } = await backup(dataDir, args);
    expect([code, errors]).toEqual([64, expect.stringContaining('Usage: npm run backup')]);
  });
});

describe('creating', () => {
  it('wants a database, and makes none', async () => {
    const dataDir = freshFolder();
    const { code, errors } = await backup(dataDir, ['create']);
    expect([code, errors]).toEqual([1, expect.stringContaining('DATA_DIR')]);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('refuses a key that does not belong to the database', async () => {
    const dataDir = freshFolder();
    await (await start(dataDir)).end();
    writeFileSync(join(dataDir, 'master.key'), `${randomBytes(32).toString('base64')}\n`);
    const { code, errors } = await backup(dataDir, ['create']);
    expect([code, errors]).toEqual([1, expect.stringContaining('does not belong')]);
    expect(readdirSync(join(dataDir, 'backups'))).toEqual([]);
  });

  it('leaves a key that comes from the environment out, and says so', async () => {
    const [dataDir, elsewhere] = [freshFolder(), freshFolder()];
    const env = { MASTER_KEY: randomBytes(32).toString('base64') };
    await (await start(dataDir, env)).end();
    const { code, output, errors } = await backup(dataDir, ['create'], env);
    expect([code, errors]).toEqual([0, expect.stringContaining('NOT in this backup')]);
    const path = output.trim();
    expect(readdirSync(path)).not.toContain('master.key');
    expect(
      JSON.stringify(readdirSync(path).map((name) => readFileSync(join(path, name), 'latin1'))),
    ).not.toContain(env.MASTER_KEY);

    const without = await backup(elsewhere, ['verify', path]);
    expect([without.code, without.errors]).toEqual([1, expect.stringContaining('MASTER_KEY')]);
    const other = { MASTER_KEY: randomBytes(32).toString('base64') };
    expect((await backup(elsewhere, ['restore', path], other)).code).toBe(1);
    expect((await backup(elsewhere, ['restore', path], env)).code).toBe(0);
    expect(existsSync(join(elsewhere, 'master.key'))).toBe(false);
    await start(elsewhere, env);
  });

  it('leaves nothing that passes for a backup when it is killed', async () => {
    const dataDir = freshFolder();
    await (await start(dataDir)).end();
    const db = new BetterSqlite3(join(dataDir, 'latchkey.db'));
    const fill = db.prepare(
      `INSERT INTO CapturedMail (id, recipientKey, message, sentAt) VALUES (?, '', ?, 0)`,
    );
    db.transaction(() => {
      for (let nr = 0; nr < 300; nr++) fill.run(String(nr), randomBytes(100_000));
    })();
    db.close();
    const parent = join(dataDir, 'backups');
    const partials = (): string[] =>
      readdirSync(parent).filter((name) => name.endsWith('.partial'));
    mkdirSync(parent);
    let cutShort = 0;
    for (let round = 0; round < 6; round++) {
      const { child, done } = startTool('backup', ['create'], dataDir, ENV);
      const before = partials().length;
      while (partials().length === before && child.exitCode === null) await sleep(1);
      await sleep(round * 30); // the first at once, which is in its middle for sure
      child.kill('SIGKILL');
      await done;
      if (partials().length > before) cutShort++;
    }
    expect(cutShort).toBeGreaterThan(0);
    const config = loadConfig({ MODE: 'development', DATA_DIR: dataDir }, scratch);
    for (const name of readdirSync(parent)) {
      const verify = () => verifyBackup(join(parent, name), config);
      if (name.endsWith('.partial')) expect(verify).toThrow('did not come to its end');
      else expect(verify().manifest.rows.CapturedMail).toBe(300);
    }
  });
});

describe('restoring', () => {
  let origin: string;
  let ada: Person;
  let made: string;
  /** Where somebody has come since the backup was made. */
  let dataDir: string;

  beforeAll(async () => {
    origin = freshFolder();
    const server = await start(origin);
    ada = await person(server, 'ada@example.org');
    made = await create(origin);
    await person(server, 'later@example.org');
    await server.end();
  });
  beforeEach(() => {
    dataDir = freshFolder();
    cpSync(origin, dataDir, { recursive: true });
  });

  const me = (at: ServerProcess, access: string) => at.get('/users/me', { bearer: access });

  it('is refused beside a server, and nothing is changed', async () => {
    const server = await start(dataDir);
    for (const args of [
      ['restore', made],
      ['restore', made, '--force'],
    ]) {
      const { code, output, errors } = await backup(dataDir, args);
      expect([code, output]).toEqual([1, '']);
      expect(errors).toContain('A server uses');
      expect(errors).toContain('DATA_DIR');
    }
    expect((await me(server, ada.access)).status).toBe(200);
    const again = await server.post('/auth/refresh', { refresh_token: ada.refresh });
    expect(again.status).toBe(200);
    expect(readdirSync(dataDir).filter((name) => /replaced|restoring/.test(name))).toEqual([]);
  });

  it('is not refused because of a server that was killed', async () => {
    await (await start(dataDir)).end('SIGKILL');
    const lax = join(scratch, 'lax');
    cpSync(made, lax, { recursive: true });
    chmodSync(join(lax, 'latchkey.db'), 0o644);
    expect((await backup(dataDir, ['restore', lax, '--force'])).code).toBe(0);
    expect(statSync(join(dataDir, 'latchkey.db')).mode & 0o777).toBe(0o600);
    const login = { email: ada.email, password: PASSWORD };
    expect((await (await start(dataDir)).post('/auth/login', login)).status).toBe(200);
  });

  it('is refused while another program has the database open', async () => {
    const shell = new BetterSqlite3(join(dataDir, 'latchkey.db'));
    shell.prepare('SELECT count(*) FROM User').get();
    const { code, errors } = await backup(dataDir, ['restore', made, '--force']);
    shell.close();
    expect([code, errors]).toEqual([1, expect.stringContaining('has')]);
    expect(errors).toContain(join(dataDir, 'latchkey.db'));
    expect((await backup(dataDir, ['restore', made, '--force'])).code).toBe(0);
  });

  it('overwrites nothing unless told, and then keeps it under another name', async () => {
    const server = await start(dataDir);
    await person(server, 'last@example.org');
    await server.end('SIGKILL'); // what it wrote last stands in the journal
    const before = digest(dataDir);
    const refused = await backup(dataDir, ['restore', made]);
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining('--force')]);
    expect(digest(dataDir)).toBe(before);

    const forced = await backup(dataDir, ['restore', made, '--force']);
    expect(forced.code).toBe(0);
    const aside = readdirSync(dataDir).find((name) => name.startsWith('latchkey.db.replaced-'))!;
    expect(forced.output).toContain(join(dataDir, aside));
    expect(count(dataDir, 'User')).toBe(1);
    const looked = join(scratch, `looked-${aside}`);
    mkdirSync(looked);
    cpSync(join(dataDir, aside), join(looked, 'latchkey.db'));
    expect(digest(looked)).toBe(before);
  });

  it('replaces a database that cannot even be read, with another key beside it', async () => {
    const files = ['latchkey.db', 'master.key'];
    const key = `${randomBytes(32).toString('base64')}\n`;
    writeFileSync(join(dataDir, 'latchkey.db'), randomBytes(10_000));
    writeFileSync(join(dataDir, 'master.key'), key);
    expect((await backup(dataDir, ['restore', made])).code).toBe(1);
    expect((await backup(dataDir, ['restore', made, '--force'])).code).toBe(0);
    const kept = readdirSync(dataDir)
      .filter((name) => name.includes('.replaced-'))
      .sort();
    expect(kept.map((name) => name.split('.replaced-')[0])).toEqual(files);
    expect(readFileSync(join(dataDir, kept[1]!), 'utf8')).toBe(key);
    const login = { email: ada.email, password: PASSWORD };
    expect((await (await start(dataDir)).post('/auth/login', login)).status).toBe(200);
  });

  it('overwrites no journal whose database is gone either', async () => {
    rmSync(join(dataDir, 'latchkey.db'));
    writeFileSync(join(dataDir, 'latchkey.db-wal'), 'perhaps worth something');
    const { code, errors } = await backup(dataDir, ['restore', made]);
    expect([code, errors]).toEqual([1, expect.stringContaining('latchkey.db-wal')]);
    expect((await backup(dataDir, ['restore', made, '--force'])).code).toBe(0);
    const kept = readdirSync(dataDir).find((name) => name.includes('.replaced-'))!;
    expect(readFileSync(join(dataDir, kept), 'utf8')).toBe('perhaps worth something');
    expect(count(dataDir, 'User')).toBe(1);
  });

  it('brings nothing back to life: no session, no link of a mail', async () => {
    const { email } = ada;
    const server = await start(dataDir);
    await server.post('/auth/password/forgot', { email });
    const { token } = await server.mail(email);
    const atThen = await create(dataDir);
    // After the backup the link is used, which also ends the session.
    const reset = { token, password: 'the new one it is' };
    expect((await server.post('/auth/password/reset', reset)).status).toBe(204);
    expect((await me(server, ada.access)).status).toBe(401);
    await server.end();
    const { output } = await backup(dataDir, ['restore', atThen, '--force']);
    expect(output).toContain('sessions have ended');

    const restored = await start(dataDir);
    expect((await me(restored, ada.access)).body.code).toBe('token_revoked');
    const refresh = await restored.post('/auth/refresh', { refresh_token: ada.refresh });
    expect(refresh.body.code).toBe('session_ended');
    const again = await restored.post('/auth/password/reset', reset);
    expect(again.body.code).toBe('token_invalid');
    expect(count(dataDir, 'AuditEvent', `type = 'session.ended'`)).toBe(2);
    // The password, however, is the one of then.
    expect((await restored.post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
  });

  it('keeps the sessions when told: whoever has refreshed since signs in again', async () => {
    const { email } = ada;
    const server = await start(dataDir);
    const bob = await person(server, 'bob@example.org');
    const atThen = await create(dataDir);
    const since = await server.post('/auth/refresh', { refresh_token: ada.refresh });
    expect(since.status).toBe(200);
    await server.end();
    const { output } = await backup(dataDir, ['restore', atThen, '--force', '--keep-sessions']);
    expect(output).toContain('lives again');

    const restored = await start(dataDir);
    expect((await me(restored, ada.access)).status).toBe(200);
    const newest = { refresh_token: since.body.refresh_token };
    const answer = await restored.post('/auth/refresh', newest);
    expect(answer.body.code).toBe('refresh_token_invalid');
    expect((await restored.post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
    const untouched = await restored.post('/auth/refresh', { refresh_token: bob.refresh });
    expect(untouched.status).toBe(200);
  });

  it('that is killed leaves the old database or the new one, and can be done again', async () => {
    const login = { email: ada.email, password: PASSWORD };
    /** In a sound database of this name. */
    const accounts = (name: string): number => {
      const db = new BetterSqlite3(join(dataDir, name), { readonly: true });
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      const [{ n }] = db.prepare('SELECT count(*) AS n FROM User').all() as [{ n: number }];
      db.close();
      return n;
    };
    for (let round = 0; round < 4; round++) {
      const { child, done } = startTool('backup', ['restore', made, '--force'], dataDir, ENV);
      const drafts = join(dataDir, 'latchkey.db-restoring');
      while (!existsSync(drafts) && child.exitCode === null) await sleep(1);
      await sleep(randomInt(600));
      child.kill('SIGKILL');
      await done;
      expect([1, 2]).toContain(accounts('latchkey.db'));
      // Somebody has come since: the old database is there, or kept under another name.
      const all = readdirSync(dataDir).filter((name) =>
        /^latchkey\.db(\.replaced-[\dTZ-]+)?$/.test(name),
      );
      expect(Math.max(...all.map(accounts))).toBe(2);
    }
    expect((await backup(dataDir, ['restore', made, '--force'])).code).toBe(0);
    expect(readdirSync(dataDir)).not.toContain('latchkey.db-restoring');
    expect((await (await start(dataDir)).post('/auth/login', login)).status).toBe(200);
  });
});
