import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../common/errors/refusal.js';
import type { Config } from '../config/config.js';
import { holdExclusively } from '../database/exclusive-hold.js';
import { realPath } from '../database/lock-file.js';
import { migrate } from '../database/migrate.js';
import { Presence } from '../database/presence.js';
import { stamp } from './create.js';
import { fingerprint, sync, writeDurably } from './durable.js';
import { DATABASE, MASTER_KEY } from './manifest.js';
import { moveAside, putInPlace } from './replace.js';
import { type Backup, verifyBackup } from './verify.js';

/** How long a server has to say that it is there; one that is well takes a fraction of a second. */
const SERVER_ANSWERS = 10_000;
/** What SQLite lays beside a database. */
const JOURNALS = ['-wal', '-shm', '-journal'];

export interface Restored {
  backup: Backup;
  /** Where the database that was there before is kept. */
  aside: string | undefined;
}

/**
 * Puts the database of a backup, and its key, where the server looks for them. At every moment
 * there is the old database or the new one; a server cannot start meanwhile.
 *
 * @param force whether a database that is there may be moved aside
 * @param prepare is given the new database, brought up to date, before it is put in place
 * @throws Refusal; then nothing was changed
 */
export async function restoreBackup(
  folder: string,
  config: Config,
  now: Date,
  force: boolean,
  prepare: (draft: Config, backup: Backup) => Promise<void>,
): Promise<Restored> {
  const backup = verifyBackup(folder, config);
  assertKey(backup, config);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const presence = await enterAlone(config.databaseFile);
  try {
    return await replace(backup, config, now, force, prepare);
  } finally {
    presence.leave();
  }
}

/** The key in the environment would win over the one that is put in place. */
function assertKey({ folder, manifest }: Backup, { masterKey }: Config): void {
  if (manifest.masterKey !== 'included' || masterKey === undefined) return;
  const included = Buffer.from(readFileSync(join(folder, MASTER_KEY), 'utf8').trim(), 'base64');
  if (included.equals(masterKey)) return;
  throw new Refusal('MASTER_KEY is set to another key than that of the backup: unset it.');
}

async function enterAlone(databaseFile: string): Promise<Presence> {
  const presence = await Presence.enter(databaseFile, SERVER_ANSWERS);
  if (presence?.alone) return presence;
  presence?.leave();
  throw new Refusal(
    `A server uses ${databaseFile}, or another restore is under way: stop it first, or set DATA_DIR to another folder.`,
  );
}

async function replace(
  backup: Backup,
  config: Config,
  now: Date,
  force: boolean,
  prepare: (draft: Config, backup: Backup) => Promise<void>,
): Promise<Restored> {
  const file = realPath(config.databaseFile);
  const key = join(config.dataDir, MASTER_KEY);
  const newKey = keyToWrite(backup, config, key);
  const occupied = [file, ...JOURNALS.map((end) => file + end)].find((path) => existsSync(path));
  const inTheWay = occupied ?? (newKey !== undefined && existsSync(key) ? key : undefined);
  if (inTheWay !== undefined && !force) {
    throw new Refusal(
      `${inTheWay} is there already. With --force it is kept under another name; or set DATA_DIR to another folder.`,
    );
  }
  const ending = inTheWay === undefined ? undefined : `.replaced-${stamp(now)}`;
  const hold = existsSync(file) ? holdExclusively(file) : { release: () => {} };
  if (hold === undefined) {
    throw new Refusal(`Another program has ${file} open, such as a tool or a shell: end it first.`);
  }
  const drafts = `${file}-restoring`;
  try {
    rmSync(drafts, { recursive: true, force: true }); // of one that was killed
    mkdirSync(drafts, { mode: 0o700 });
    const draft = await makeDraft(backup, config, drafts, prepare);
    if (newKey !== undefined) writeDurably(join(drafts, MASTER_KEY), newKey);
    sync(drafts);
    const aside = ending && file + ending;
    // Only an unsound database has journals left; they stay with it.
    if (aside) for (const end of JOURNALS) moveAside(file + end, aside + end);
    // Key and database cannot change places in one step. A server that finds the new database with
    // the old key, or none, refuses to start; without a database it would make an empty one.
    putInPlace(draft, file, aside);
    if (newKey !== undefined) putInPlace(join(drafts, MASTER_KEY), key, ending && key + ending);
    return { backup, aside: aside && existsSync(aside) ? aside : undefined };
  } finally {
    rmSync(drafts, { recursive: true, force: true });
    hold.release();
  }
}

/** The key of the backup, unless the server finds the same one already. */
function keyToWrite(
  { folder, manifest }: Backup,
  { masterKey }: Config,
  present: string,
): string | undefined {
  if (manifest.masterKey !== 'included' || masterKey !== undefined) return undefined;
  const text = readFileSync(join(folder, MASTER_KEY), 'utf8');
  return existsSync(present) && readFileSync(present, 'utf8') === text ? undefined : text;
}

async function makeDraft(
  backup: Backup,
  config: Config,
  drafts: string,
  prepare: (draft: Config, backup: Backup) => Promise<void>,
): Promise<string> {
  const draft = join(drafts, DATABASE);
  copyFileSync(join(backup.folder, DATABASE), draft);
  chmodSync(draft, 0o600); // whatever the backup has gone through
  if (fingerprint(draft).sha256 !== backup.manifest.files[DATABASE]!.sha256) {
    throw new Refusal(`${backup.folder} was changed while it was read.`);
  }
  migrate(draft, dirname(draft));
  await prepare({ ...config, databaseFile: draft }, backup);
  // Else a part of it would stay behind.
  if (existsSync(`${draft}-wal`)) throw new Refusal(`${draft} could not be closed: try again.`);
  sync(draft);
  return draft;
}
