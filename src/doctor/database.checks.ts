import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { type DatabaseLook, lookAtDatabase } from '../database/database-look.js';
import { fault, type Finding, ok, warning } from './finding.js';

const DAY = 86_400_000;
const LONG_WAL = 64 * 1024 * 1024;
/** Longer than the longest pause between two attempts at a mail server that is away. */
const LONG_WAIT = 3_600_000;
/** What two clocks may be apart. */
const CLOCK_SKEW = 60_000;

/** The database, the signing key and the mail in it. */
export function checkDatabase(config: Config, now: Date): Finding[] {
  if (!existsSync(config.databaseFile)) return []; // said by the checks of files
  let look: DatabaseLook;
  try {
    look = lookAtDatabase(config.databaseFile);
  } catch (error) {
    return [
      fault(
        'database',
        `${config.databaseFile} cannot be used: ${(error as Error).message}.`,
        'The server will not start with it.',
        'Put a backup back: npm run backup -- restore <backup>',
      ),
    ];
  }
  return [
    ...checkFile(look),
    ...checkKeyAge(look, now),
    ...checkMailQueue(look, now),
    ...checkClock(look, now),
  ];
}

function checkFile({ damage, pending, walBytes, journalMode, sqlite }: DatabaseLook): Finding[] {
  if (damage !== undefined) {
    return [
      fault(
        'database',
        `SQLite finds it damaged: ${damage}.`,
        'Rows may be lost, and more with each write.',
        'Stop the server, and put a backup back: npm run backup -- restore <backup>',
      ),
    ];
  }
  const findings = [ok('database', `Sound. SQLite ${sqlite}, ${journalMode} mode.`)];
  if (pending.length > 0) {
    findings.push(
      warning(
        'database',
        `${pending.length} migrations are waiting: ${pending.join(', ')}.`,
        'The next start applies them, and keeps a copy from before in DATA_DIR/backups.',
        'Make a backup, then restart the server.',
      ),
    );
  }
  if (walBytes > LONG_WAL) {
    findings.push(
      warning(
        'database',
        `Its log of writes is ${Math.round(walBytes / 1024 / 1024)} MiB long.`,
        'Some program has been reading from the database for a long time, so that SQLite cannot shorten it.',
        'Find it with: fuser -v DATA_DIR/latchkey.db',
      ),
    );
  }
  return findings;
}

function checkKeyAge({ activeKeyMadeAt }: DatabaseLook, now: Date): Finding[] {
  if (activeKeyMadeAt === undefined) return [];
  const age = Math.floor((now.getTime() - activeKeyMadeAt.getTime()) / DAY);
  return [ok('keys', `The key that signs access tokens is ${age} days old.`)];
}

function checkMailQueue({ oldestWaitingMailAt, deadMails }: DatabaseLook, now: Date): Finding[] {
  const findings: Finding[] = [];
  const waiting = oldestWaitingMailAt ? now.getTime() - oldestWaitingMailAt.getTime() : 0;
  if (waiting > LONG_WAIT) {
    findings.push(
      warning(
        'mail',
        `The oldest mail that waits has waited for ${Math.round(waiting / 60_000)} minutes.`,
        'The mail server takes none, or no server is running.',
        'SMTP_URL: see what is said of the mail server below, and in the log.',
      ),
    );
  }
  if (deadMails > 0) {
    findings.push(
      warning(
        'mail',
        `${deadMails} mails were refused for good in the last days.`,
        'Their recipients do not exist, or the mail server does not take mail from MAIL_FROM.',
        'MAIL_FROM: an address the mail server sends for. The log says what it answered.',
      ),
    );
  }
  return findings;
}

function checkClock({ newestAuditAt }: DatabaseLook, now: Date): Finding[] {
  if (newestAuditAt === undefined || newestAuditAt.getTime() <= now.getTime() + CLOCK_SKEW) {
    return [];
  }
  return [
    fault(
      'clock',
      `It is ${now.toISOString()} here, and the newest line of the audit trail is from ${newestAuditAt.toISOString()}.`,
      'The clock was ahead, or is behind now: tokens from a time to come are refused, and what ended stays ended for longer.',
      'Let the clock be set by NTP: timedatectl set-ntp true',
    ),
  ];
}
