import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { fault, type Finding, ok, warning } from './finding.js';

const MIB = 1024 * 1024;
/** A copy before a migration, a backup and the log of writes each need as much as the database. */
const COPIES_THAT_FIT = 3;
const LEAST_FREE = 200 * MIB;
const OLDEST_BACKUP = 7 * 86_400_000;
const BACKUP = /^backup-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z$/;
const OTHERS = 0o077;

/** What lies in DATA_DIR and how: looks at names, sizes and permissions, and opens nothing. */
export function checkFiles(config: Config, now: Date): Finding[] {
  if (!existsSync(config.databaseFile)) {
    return [
      warning(
        'files',
        `There is no database at ${config.databaseFile}.`,
        'The server makes it at its first start; if it has run before, these are not its settings.',
        'DATA_DIR (or DATABASE_URL): give it the value the server has.',
      ),
    ];
  }
  return [...checkDisk(config), ...checkPermissions(config), checkBackups(config, now)];
}

function checkDisk({ dataDir, databaseFile }: Config): Finding[] {
  const { bavail, bsize } = statfsSync(existsSync(dataDir) ? dataDir : join(databaseFile, '..'));
  const free = bavail * bsize;
  const size = statSync(databaseFile).size;
  const wanted = Math.max(LEAST_FREE, COPIES_THAT_FIT * size);
  const what = `${mib(free)} free where the database (${mib(size)}) lies.`;
  if (free >= wanted) return [ok('disk', what)];
  return [
    warning(
      'disk',
      what,
      `Backups and the copy before a migration want room for the database ${COPIES_THAT_FIT} times over. Writes are refused when the disk is full.`,
      `Make ${mib(wanted - free)} free, or move DATA_DIR.`,
    ),
  ];
}

function checkPermissions({ dataDir, databaseFile, masterKey }: Config): Finding[] {
  const keyFile = masterKey ? [] : [join(dataDir, 'master.key')];
  const open = [databaseFile, ...keyFile].filter(
    (file) => existsSync(file) && (statSync(file).mode & OTHERS) !== 0,
  );
  if (open.length === 0) return [ok('files', 'Nobody but their owner reads database and key.')];
  return open.map((file) =>
    fault(
      'files',
      `${file} can be read or written by others.`,
      'Database and master key together open everything.',
      `chmod 600 ${file}`,
    ),
  );
}

function checkBackups({ dataDir }: Config, now: Date): Finding {
  const folder = join(dataDir, 'backups');
  const newest = (existsSync(folder) ? readdirSync(folder) : [])
    .flatMap((name) => timeOf(name) ?? [])
    .toSorted((a, b) => b - a)[0];
  const change =
    'Run daily: npm run backup -- create [folder]. Those kept in other folders are not seen here.';
  if (newest === undefined) {
    return warning('backup', `There is none in ${folder}.`, 'A lost disk is all lost.', change);
  }
  const age = now.getTime() - newest;
  const what = `The newest in ${folder} is ${days(age)} old.`;
  if (age <= OLDEST_BACKUP) return ok('backup', what);
  return warning('backup', what, 'Whatever came after it would be lost with the disk.', change);
}

function timeOf(name: string): number | undefined {
  const [, date, ...time] = BACKUP.exec(name) ?? [];
  if (date === undefined) return undefined;
  const [hours, minutes, seconds, milliseconds] = time;
  return Date.parse(`${date}T${hours}:${minutes}:${seconds}.${milliseconds}Z`);
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / MIB).toLocaleString('en')} MiB`;
}

function days(ms: number): string {
  const hours = Math.max(0, Math.round(ms / 3_600_000));
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
