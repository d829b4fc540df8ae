import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Audit } from '../audit/audit.js';
import { sync, writeDurably } from '../backup/durable.js';
import { Clock } from '../clock.js';
import { MasterKey } from '../common/crypto/master-key.js';
import { Refusal } from '../common/errors/refusal.js';
import type { Config } from '../config/config.js';
import { loadMasterKey, masterKeyFile } from '../config/master-key-file.js';
import { type ExclusiveHold, holdExclusively } from '../database/exclusive-hold.js';
import { nextKeyFile, unlockDatabase, writeRing } from '../database/key-ring.js';
import { migrate } from '../database/migrate.js';
import { Presence } from '../database/presence.js';
import { resealAll } from '../database/sealed-columns.js';
import { withTools } from './tool.js';

/** How long a server has to say that it is there; one that is well takes a fraction of a second. */
const SERVER_ANSWERS = 10_000;

/**
 * Puts the database under another master key, and encrypts again, under fresh keys, all it holds
 * encrypted. The file of the key and the database cannot change in one step: the new key waits
 * beside the old one, and whoever starts next finishes what was cut short.
 *
 * @throws Refusal; then nothing was changed
 */
export async function rotateMasterKey(config: Config): Promise<void> {
  const secret = newSecret(config);
  if (!existsSync(config.databaseFile)) throw new Refusal('There is no database.');
  const presence = await enterAlone(config.databaseFile);
  try {
    loadMasterKey(config);
    migrate(config.databaseFile, join(config.dataDir, 'backups'));
    const { keys, release } = unlockDatabase(config);
    release();
    const next = nextKeyFile(config);
    rmSync(next, { force: true }); // of one that was cut short before the database was under it
    if (config.masterKey === undefined) {
      writeDurably(next, `${secret.toString('base64')}\n`);
      sync(config.dataDir);
    }
    const fresh = keys.withFreshBoxes();
    const resealed = rewrite(config.databaseFile, keys, fresh, new MasterKey(secret));
    if (config.masterKey === undefined) {
      renameSync(next, masterKeyFile(config));
      sync(dirname(next));
    }
    await withTools(config, fresh, (tools) =>
      tools
        .get(Audit)
        .record({ type: 'master_key.rotated', subject: undefined, after: { resealed } }),
    );
    console.log(
      `The database is under the new master key; ${resealed} values were encrypted again.`,
    );
    console.log(
      config.masterKey === undefined
        ? `${masterKeyFile(config)} holds it. Make a backup: those from before need the old one.`
        : 'Set MASTER_KEY to it before the server starts. Backups from before need the old one.',
    );
  } finally {
    presence.leave();
  }
}

function newSecret({ masterKey, masterKeyNew }: Config): Buffer {
  if (masterKeyNew === undefined && masterKey !== undefined) {
    throw new Refusal(
      'The master key comes from MASTER_KEY: set MASTER_KEY_NEW (or MASTER_KEY_NEW_FILE) to the one that shall follow it, such as the output of: openssl rand -base64 32',
    );
  }
  if (masterKey !== undefined && masterKeyNew?.equals(masterKey)) {
    throw new Refusal('MASTER_KEY_NEW is the key the database is under.');
  }
  return masterKeyNew ?? randomBytes(32);
}

async function enterAlone(databaseFile: string): Promise<Presence> {
  const presence = await Presence.enter(databaseFile, SERVER_ANSWERS);
  if (presence?.alone) return presence;
  presence?.leave();
  throw new Refusal(`A server uses ${databaseFile}: stop it first.`);
}

/** All in one transaction; afterwards no page holds anything that the old keys open. */
function rewrite(file: string, from: MasterKey, to: MasterKey, masterKey: MasterKey): number {
  const hold = held(file);
  try {
    const db = hold.database;
    const resealed = resealAll(db, from, to);
    writeRing(db, masterKey.lock(to), new Clock().now());
    db.exec('COMMIT');
    db.exec('VACUUM');
    return resealed;
  } finally {
    hold.release();
  }
}

function held(file: string): Required<ExclusiveHold> {
  const hold = holdExclusively(file);
  if (!hold) {
    throw new Refusal(`Another program has ${file} open, such as a tool or a shell: end it first.`);
  }
  if (!hold.database) throw new Refusal(`${file} is no sound database.`);
  return { release: hold.release, database: hold.database };
}
