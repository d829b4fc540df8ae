import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBackup, removeLeftBehind, removeOlder } from '../backup/create.js';
import { verifyBackup } from '../backup/verify.js';
import { Clock } from '../clock.js';
import type { Config } from '../config/config.js';
import { fromCallersFolder } from '../config/environment.js';
import { runCommand, UsageError } from './command.js';

const USAGE = `Usage: npm run backup -- create [folder] [--keep <number>]
       npm run backup -- verify <backup>
       npm run backup -- restore <backup> [--force] [--keep-sessions]

create   makes a backup in DATA_DIR/backups, or in the folder named, and prints its path. Works
         beside a running server. --keep removes all but so many of the newest there.
verify   checks that a backup is whole, sound, and belongs to its key. Changes nothing.
restore  puts a backup where the server looks for its database. Not while one runs. --force keeps
         what is there under another name. All sessions and mailed links end, because some may
         have ended since the backup was made; --keep-sessions is for when none can have.

More: docs/operators.md`;

/** npm run backup */
async function backup(config: Config): Promise<void> {
  const { values, positionals } = parsed(process.argv.slice(2));
  const [command, path, ...rest] = positionals;
  const { keep, force, 'keep-sessions': keepSessions } = values;
  const restoring = force || keepSessions;
  if (rest.length > 0) throw new UsageError(USAGE);
  if (command === 'create' && !restoring) {
    create(config, path && fromCallersFolder(path), keep === undefined ? undefined : count(keep));
  } else if (command === 'verify' && path !== undefined && !restoring && keep === undefined) {
    verify(config, fromCallersFolder(path));
  } else if (command === 'restore' && path !== undefined && keep === undefined) {
    const { restore } = await import('./backup-restore.js'); // the others need no Nest
    await restore(config, fromCallersFolder(path), { force, keepSessions });
  } else {
    throw new UsageError(USAGE);
  }
}

/** Standard output holds the path and nothing else, for scripts. */
function create(config: Config, folder: string | undefined, keep: number | undefined): void {
  const parent = folder ?? join(config.dataDir, 'backups');
  const now = new Clock().now();
  removeLeftBehind(parent, now);
  const made = createBackup(config, parent, now);
  const removed = keep === undefined ? [] : removeOlder(parent, keep);
  console.error(
    config.masterKey
      ? 'The master key is NOT in this backup: the server has it from MASTER_KEY. Keep a copy of it apart from the backup; without it the backup is worth nothing.'
      : 'The master key is in this backup: keep it where nobody else reads it.',
  );
  if (removed.length > 0) console.error(`Removed ${removed.length} older: ${removed.join(', ')}`);
  console.log(made);
}

function verify(config: Config, folder: string): void {
  const { manifest } = verifyBackup(folder, config);
  const key = manifest.masterKey === 'included' ? 'in the backup' : 'in MASTER_KEY';
  console.log(`${folder} is whole.
Made ${manifest.createdAt}, ${manifest.rows.User ?? 0} accounts, ${manifest.migrations.length} migrations; its master key is ${key}.`);
}

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--keep must be 1 or more.\n\n${USAGE}`);
  return Number(text);
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        keep: { type: 'string' },
        force: { type: 'boolean', default: false },
        'keep-sessions': { type: 'boolean', default: false },
      },
    });
  } catch {
    throw new UsageError(USAGE);
  }
}

void runCommand(backup);
