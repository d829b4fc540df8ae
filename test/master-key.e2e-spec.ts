import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MasterKey } from '../src/common/crypto/master-key.js';
import { SEALED_COLUMNS } from '../src/database/sealed-columns.js';
import { type PersonWithApp, signInWithApp, withApp } from './support/factors.js';
import { databaseBytes, rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';
import { startTool, type ToolRun } from './support/tool.js';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../prisma/schema.prisma', import.meta.url));

/** Columns of bytes that hold nothing encrypted: hashes, MACs, salts, public keys. */
const NOT_SEALED = [
  'Session.salt',
  'ApiKey.keyHash',
  'OneTimeToken.tokenHash',
  'OneTimeToken.codeHash',
  'MfaChallenge.tokenHash',
  'RecoveryCode.codeHash',
  'TrustedDevice.tokenHash',
  'Passkey.credentialId',
  'Passkey.publicKey',
  'SpentPasskeyChallenge.nonce',
  'AuditEvent.previousHash',
  'AuditEvent.hash',
  'AuditCheckpoint.hash',
  'AuditCheckpoint.mac',
  'Service.secretHash',
  // What the keys are locked in: by the master key, not under the keys.
  'KeyRing.sealed',
];

const ENV = { PUBLIC_URL: 'http://localhost:4998' };

let server: TestServer;
let ada: Person;
let grace: PersonWithApp;
let first: string;

function keyIn(file: string): MasterKey {
  return new MasterKey(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64'));
}

function masterKeyFile(name = 'master.key'): string {
  return join(server.dataDir, name);
}

/** Every encrypted value there is, with what opens it. */
function sealed(): { purpose: any; context: string; value: Uint8Array }[] {
  return SEALED_COLUMNS.flatMap(({ table, column, context, purpose }) =>
    rows(
      server.dataDir,
      `SELECT "${context}" AS context, "${column}" AS value FROM "${table}" WHERE "${column}" IS NOT NULL`,
    ).map((row) => ({ purpose, context: row.context, value: row.value })),
  );
}

function rotate(env: Record<string, string> = {}): Promise<ToolRun> {
  return startTool('keys', ['rotate-master'], server.dataDir, env).done;
}

async function stopped(): Promise<void> {
  await server.app.close();
}

function started(env: Record<string, string> = {}): Promise<TestServer> {
  return TestServer.start({ ...ENV, ...env }, server.dataDir, server.clock);
}

/** Starts it again on the same data, and looks whether everything that stood still stands. */
async function goesOn(env: Record<string, string> = {}): Promise<void> {
  server = await started(env);
  expect((await server.get('/users/me', { bearer: ada.accessToken })).status).toBe(200);
  const { status, body } = await server.post('/auth/refresh', { refresh_token: ada.refreshToken });
  expect(status).toBe(200);
  ada.refreshToken = body.refresh_token;
  const me = await server.get('/users/me', { basic: [ada.email, PASSWORD] });
  expect(me.status).toBe(200);
  expect((await server.newestMail(ada.email)).token).not.toBeNull();
  // The seed of her app is another ciphertext now, and the same seed.
  expect((await signInWithApp(server, grace)).status).toBe(200);
}

beforeAll(async () => {
  server = await TestServer.start(ENV);
  ada = await server.person();
  grace = await withApp(server, await server.person());
  await server.post('/auth/password/forgot', { email: ada.email });
  await server.mailSettled();
  first = readFileSync(masterKeyFile(), 'utf8');
});
afterAll(() => rmSync(server.dataDir, { recursive: true, force: true }));

describe('[11.1.1] changing the master key', () => {
  it('is refused beside a running server, and changes nothing', async () => {
    const before = databaseBytes(server.dataDir).length;
    const { code, errors } = await rotate();
    expect([code, errors]).toEqual([1, expect.stringContaining('A server uses')]);
    expect(readFileSync(masterKeyFile(), 'utf8')).toBe(first);
    expect(databaseBytes(server.dataDir).length).toBe(before);
  });

  it('makes another key; nobody is signed out, and passwords, apps and mails are as they were', async () => {
    await stopped();
    const { code, output } = await rotate();
    expect([code, output]).toEqual([0, expect.stringContaining('under the new master key')]);
    expect(readFileSync(masterKeyFile(), 'utf8')).not.toBe(first);
    expect(readdirSync(server.dataDir).filter((name) => name.includes('.key'))).toEqual([
      'master.key',
    ]);
    await goesOn();
    const [line] = rows(
      server.dataDir,
      `SELECT detail FROM AuditEvent WHERE type = 'master_key.rotated'`,
    );
    expect(JSON.parse(line.detail).after.resealed).toBeGreaterThan(2);
  });

  it('leaves nothing that the old one opens, and the trail whole', async () => {
    await stopped();
    const old = new MasterKey(Buffer.from(first.trim(), 'base64'));
    const [ring] = rows(server.dataDir, 'SELECT sealed FROM KeyRing');
    const keys = keyIn(masterKeyFile()).unlock(ring.sealed);
    expect(() => old.unlock(ring.sealed)).toThrow();
    expect(sealed().length).toBeGreaterThan(2);
    for (const { purpose, context, value } of sealed()) {
      expect(() => old.open(purpose, context, value)).toThrow();
      expect(keys.open(purpose, context, value).length).toBeGreaterThan(0);
    }
    const audit = await startTool('audit', ['verify'], server.dataDir).done;
    expect(audit.code).toBe(0);
  });

  it('can be done again', async () => {
    const { code, errors } = await rotate();
    expect([code, errors]).toEqual([0, expect.stringContaining('Database: ')]);
    await goesOn();
    await stopped();
  });

  it('ends a start with the old key, which says so', async () => {
    const present = readFileSync(masterKeyFile(), 'utf8');
    writeFileSync(masterKeyFile(), first);
    await expect(started()).rejects.toThrow(/MASTER_KEY is not the key this database/);
    writeFileSync(masterKeyFile(), present);
  });

  it('is finished by the next start when it was cut short between database and key', async () => {
    renameSync(masterKeyFile(), masterKeyFile('master.key.next'));
    writeFileSync(masterKeyFile(), first);
    await goesOn();
    expect(readFileSync(masterKeyFile(), 'utf8')).not.toBe(first);
    await stopped();
  });

  it('has not happened when it was cut short before', async () => {
    writeFileSync(masterKeyFile('master.key.next'), randomBytes(32).toString('base64'));
    await goesOn();
    await stopped();
    rmSync(masterKeyFile('master.key.next'));
  });

  it('is held off by any program that has the database open', async () => {
    const { default: BetterSqlite3 } = await import('better-sqlite3');
    const shell = new BetterSqlite3(join(server.dataDir, 'latchkey.db'));
    shell.prepare('SELECT count(*) FROM User').get();
    const { code, errors } = await rotate();
    shell.close();
    expect([code, errors]).toEqual([1, expect.stringContaining('end it first')]);
    await goesOn();
    await stopped();
  });

  it('keeps backups: each holds the keys it needs', async () => {
    const made = await startTool('backup', ['create'], server.dataDir).done;
    const folder = made.output.trim();
    await rotate();
    const verified = await startTool('backup', ['verify', folder], server.dataDir).done;
    expect([verified.code, verified.errors]).toEqual([0, '']);
    const restored = await startTool(
      'backup',
      ['restore', folder, '--force', '--keep-sessions'],
      server.dataDir,
    ).done;
    expect([restored.code, restored.errors]).toEqual([0, '']);
    expect((await startTool('audit', ['verify'], server.dataDir).done).code).toBe(0);
  });

  it('takes the new one from MASTER_KEY_NEW where the old one comes from MASTER_KEY', async () => {
    const old = readFileSync(masterKeyFile(), 'utf8').trim();
    const fresh = randomBytes(32).toString('base64');
    rmSync(masterKeyFile());
    const without = await rotate({ MASTER_KEY: old });
    expect([without.code, without.errors]).toEqual([1, expect.stringContaining('MASTER_KEY_NEW')]);
    const run = await rotate({ MASTER_KEY: old, MASTER_KEY_NEW: fresh });
    expect([run.code, run.output]).toEqual([0, expect.stringContaining('Set MASTER_KEY')]);
    expect(run.output + run.errors).not.toContain(fresh);
    await expect(started({ MASTER_KEY: old })).rejects.toThrow(/MASTER_KEY is not/);
    await goesOn({ MASTER_KEY: fresh });
    expect(readdirSync(server.dataDir)).not.toContain('master.key');
    await stopped();
  });
});

describe('what is encrypted under the master key', () => {
  it('is known column for column', () => {
    const columns: string[] = [];
    let model = '';
    for (const line of readFileSync(SCHEMA, 'utf8').split('\n')) {
      model = /^model (\w+)/.exec(line)?.[1] ?? model;
      const column = /^ {2}(\w+) +Bytes\b/.exec(line)?.[1];
      if (column) columns.push(`${model}.${column}`);
    }
    const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    // A new column of bytes stands in SEALED_COLUMNS, or above with those that are not encrypted.
    expect(columns.filter((column) => !NOT_SEALED.includes(column)).sort()).toEqual(known.sort());
  });

  it('has a purpose of its own, and every such purpose is known', () => {
    const declared = readFileSync(join(SRC, 'common/crypto/master-key.ts'), 'utf8');
    const purposes = [...declared.matchAll(/^ {2}\| '(.+-at-rest)'/gm)].map(([, name]) => name);
    const known = new Set<string>(SEALED_COLUMNS.map(({ purpose }) => purpose));
    expect(purposes.sort()).toEqual([...known].sort());
  });
});
