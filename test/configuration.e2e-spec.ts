import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load-config.js';
import { VARIABLES } from '../src/config/variables.js';
import { MAIN, ServerProcess } from './support/process.js';
import { PASSWORD } from './support/server.js';

const ADMIN_TOOL = fileURLToPath(new URL('../dist/cli/admin.js', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-configuration-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a bad configuration', () => {
  it('is told whole, each fault with its variable and an example, and ends with status 78', async () => {
    const { code, errors, output } = await run({
      MODE: 'development',
      PORT: '99999',
      ACCESS_TOKEN_TTL: '15',
      MASTER_KEY: 'changeme',
      TRUST_PROXY: 'true',
      CORS_ORIGINS: '*',
    });
    expect(code).toBe(78);
    for (const name of ['PORT', 'ACCESS_TOKEN_TTL', 'MASTER_KEY', 'TRUST_PROXY', 'CORS_ORIGINS']) {
      expect(errors).toMatch(new RegExp(`^ +${name} (?:must|is) .*\\n +Example: .`, 'm'));
    }
    expect(errors).not.toMatch(/^ +at /m);
    expect(errors + output).not.toContain('changeme');
  });

  it('writes nothing', async () => {
    expect((await run({ MODE: 'development', PORT: 'x', DATA_DIR: 'data' })).code).toBe(78);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is what production without PUBLIC_URL and SMTP_URL has', async () => {
    const { code, errors } = await run({});
    expect(code).toBe(78);
    expect(errors).toContain('PUBLIC_URL is required in production');
    expect(errors).toContain('SMTP_URL is required in production');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is a master key file that is gone while its database is there', async () => {
    const data = join(folder, 'data');
    const first = await ServerProcess.start({ DATA_DIR: data }, folder);
    expect(await first.end()).toBe(0);
    rmSync(join(data, 'master.key'));
    const { code, errors } = await run({ MODE: 'development', DATA_DIR: data });
    expect(code).toBe(78);
    expect(errors).toContain('MASTER_KEY is unset');
    expect(existsSync(join(data, 'master.key'))).toBe(false);
  });
});

describe('the file .env', () => {
  it('in the working folder is read', async () => {
    writeFileSync(join(folder, '.env'), 'MODE=development\nPORT=from-the-file\n');
    const { code, errors } = await run({});
    expect(code).toBe(78);
    expect(errors).toContain('PORT must be a whole number');
  });

  it('does not win over the environment', async () => {
    writeFileSync(join(folder, '.env'), 'PORT=from-the-file\nLOG_LEVEL=loud\n');
    const { errors } = await run({ MODE: 'development', PORT: '0' });
    expect(errors).not.toContain('PORT');
    expect(errors).toContain('LOG_LEVEL');
  });

  it('made from .env.example changes nothing: each line holds the default', () => {
    const lines = readFileSync(repository('.env.example'), 'utf8').split('\n');
    const settings = lines.filter((line) => /^#?[A-Z_]+=/.test(line));
    expect(settings.every((line) => line.startsWith('#'))).toBe(true);
    const names = settings.map((line) => line.slice(1).split('=')[0]!);
    expect(names.sort()).toEqual(Object.keys(VARIABLES).sort());

    const given = settings.map((line) => line.slice(1)).filter((line) => !line.endsWith('='));
    const env = parseEnv(given.join('\n')) as Record<string, string>;
    expect(env.MODE).toBe('development');
    expect(loadConfig(env, folder)).toEqual(loadConfig({ MODE: 'development' }, folder));
  });
});

describe('the first start', () => {
  it('makes the data folder, database and master key for their owner alone', async () => {
    const data = join(folder, 'data');
    const server = await ServerProcess.start({ DATA_DIR: data }, folder);
    try {
      expect(readdirSync(data)).toEqual(expect.arrayContaining(['latchkey.db', 'master.key']));
      expect(statSync(data).mode & 0o777).toBe(0o700);
      expect(statSync(join(data, 'master.key')).mode & 0o777).toBe(0o600);
    } finally {
      await server.dispose();
    }
  });

  it.each([
    ['and so it makes them', false],
    ['also the copy of an older database it is about to change', true],
  ])('keeps its files for their owner alone in a folder open to all, %s', async (_, older) => {
    const data = join(folder, 'data');
    openFolder(data);
    if (older) {
      const db = new BetterSqlite3(join(data, 'latchkey.db'));
      db.exec('CREATE TABLE "Old" (id TEXT)');
      db.close();
      chmodSync(join(data, 'latchkey.db'), 0o600);
    }
    const key = randomBytes(32).toString('base64');
    const server = await ServerProcess.start({ DATA_DIR: data, MASTER_KEY: key }, folder);
    try {
      const files = ['latchkey.db', 'latchkey.db-wal', 'latchkey.db-shm'];
      if (older) files.push(join('backups', readdirSync(join(data, 'backups'))[0]!));
      for (const file of files) expect([file, modeOf(join(data, file))]).toEqual([file, 0o600]);
    } finally {
      await server.dispose();
    }
  });

  it('by a command-line tool keeps them so as well', async () => {
    const data = join(folder, 'data');
    openFolder(data);
    const child = spawn(process.execPath, [ADMIN_TOOL, 'create', 'root@example.org', '--new'], {
      cwd: folder,
      env: { MODE: 'development', DATA_DIR: data, BCRYPT_COST: '4' },
      timeout: 30_000,
    });
    child.stdin.end(`${PASSWORD}\n`);
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    for (const file of ['latchkey.db', 'master.key']) expect(modeOf(join(data, file))).toBe(0o600);
  });

  it('is not repeated by a second one: keys and data stay as they are', async () => {
    const data = join(folder, 'data');
    const first = await ServerProcess.start({ DATA_DIR: data }, folder);
    const keys = (await first.get('/.well-known/jwks.json')).text;
    const masterKey = readFileSync(join(data, 'master.key'), 'utf8');
    expect(await first.end()).toBe(0);

    const second = await ServerProcess.start({ DATA_DIR: data }, folder);
    expect((await second.get('/.well-known/jwks.json')).text).toBe(keys);
    expect(readFileSync(join(data, 'master.key'), 'utf8')).toBe(masterKey);
    await second.dispose();
  });
});

/** Runs the built server in the scratch folder with just these variables, until it ends. */
describe('a port that is taken', () => {
  it('is told once, in a sentence that says what to do', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, errors, output } = await run({
      MODE: 'development',
      PORT: String(port),
      DATA_DIR: 'data',
    });
    taken.close();
    expect(code).toBe(1);
    expect(errors).toBe(
      `Latchkey cannot start: listen EADDRINUSE: address already in use 127.0.0.1:${port}. Set PORT (or METRICS_PORT, if that is the one) to another port; 0 picks a free one.\n`,
    );
    expect(output).not.toContain('EADDRINUSE');
  });
});

function run(env: Record<string, string>) {
  return new Promise<{ code: number | null; errors: string; output: string }>((resolve) => {
    const child = spawn(process.execPath, [MAIN], { cwd: folder, env, timeout: 30_000 });
    let errors = '';
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, errors, output }));
  });
}

function openFolder(path: string): void {
  mkdirSync(path);
  chmodSync(path, 0o755);
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

function repository(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
