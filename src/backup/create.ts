import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { MasterKey } from '../common/crypto/master-key.js';
import { uuidv7 } from '../common/crypto/uuid.js';
import { Refusal } from '../common/errors/refusal.js';
import type { Config } from '../config/config.js';
import { loadMasterKey } from '../config/master-key-file.js';
import { copyDatabase, type DatabaseFacts, inspectDatabase } from '../database/database-copy.js';
import { fingerprint, sync } from './durable.js';
import { DATABASE, filesOf, MASTER_KEY, PARTIAL, writeManifest } from './manifest.js';
import { assertOpens } from './verify.js';

const NAME = /^backup-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;
/** A create takes minutes at most: what is older than this was left by one that was killed. */
const LEFT_BEHIND = 86_400_000;

/**
 * Makes a backup, also beside a running server. It gets its name last: what has the name of a backup
 * is whole, on the disk, and has been found sound.
 *
 * @param parent folder it is put in; made when it is not there
 * @returns path of the backup
 * @throws Refusal, or ConfigError about the master key
 */
export function createBackup(config: Config, parent: string, now: Date): string {
  const { databaseFile } = config;
  if (!existsSync(databaseFile)) {
    throw new Refusal(
      `There is no database at ${databaseFile}: give DATA_DIR (or DATABASE_URL) the value it has for the server.`,
    );
  }
  const masterKey = loadMasterKey(config);
  const path = join(parent, `backup-${stamp(now)}`);
  const draft = `${path}${PARTIAL}`;
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  mkdirSync(draft, { mode: 0o700 });
  try {
    copy(databaseFile, join(draft, DATABASE));
    const { migrations, rows } = inspect(join(draft, DATABASE), masterKey, config);
    const key = config.masterKey ? 'environment' : 'included';
    if (key === 'included') copyFileSync(join(config.dataDir, MASTER_KEY), join(draft, MASTER_KEY));
    const files = filesOf(key).map((name) => {
      const file = join(draft, name);
      chmodSync(file, 0o600);
      sync(file);
      return [name, fingerprint(file)] as const;
    });
    writeManifest(
      draft,
      {
        id: uuidv7(now),
        createdAt: now.toISOString(),
        masterKey: key,
        migrations,
        rows,
        files: Object.fromEntries(files),
      },
      masterKey,
    );
    sync(draft);
    renameSync(draft, path);
    sync(dirname(path));
    return path;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Removes all backups in the folder but the newest `keep`, by the time in their names. */
export function removeOlder(parent: string, keep: number): string[] {
  const older = readdirSync(parent)
    .filter((name) => NAME.test(name))
    .sort()
    .slice(0, -keep);
  for (const name of older) {
    // First the name: a removal that is cut short leaves no half backup either.
    renameSync(join(parent, name), join(parent, `${name}${PARTIAL}`));
    rmSync(join(parent, `${name}${PARTIAL}`), { recursive: true });
  }
  return older;
}

/** Removes what a create that was killed has left in the folder. */
export function removeLeftBehind(parent: string, now: Date): void {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (!name.endsWith(PARTIAL) || !NAME.test(name.slice(0, -PARTIAL.length))) continue;
    const path = join(parent, name);
    if (now.getTime() - statSync(path).mtimeMs > LEFT_BEHIND) rmSync(path, { recursive: true });
  }
}

/** A time as part of a file's name. */
export function stamp(now: Date): string {
  return now.toISOString().replaceAll(/[:.]/g, '-');
}

function copy(databaseFile: string, to: string): void {
  try {
    copyDatabase(databaseFile, to);
  } catch (error) {
    throw new Refusal(`${databaseFile} cannot be copied to ${to}: ${(error as Error).message}.`);
  }
}

/** What the copy holds, once it has been found sound and belonging to the key. */
function inspect(copy: string, masterKey: MasterKey, { databaseFile }: Config): DatabaseFacts {
  let facts: DatabaseFacts;
  try {
    facts = inspectDatabase(copy);
  } catch (error) {
    throw new Refusal(`${databaseFile} cannot be backed up: ${(error as Error).message}.`);
  }
  assertOpens(facts, masterKey, databaseFile);
  return facts;
}
