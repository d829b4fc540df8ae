import { open } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { PortableHashes } from '../auth/password/portable-hashes.js';
import {
  AccountImport,
  type ImportedAccount,
  type ImportOutcome,
  TakenKeys,
} from '../users/account-import.js';
import { UsageError } from './tool.js';
import { type Line, linesOf, MAX_LINE_BYTES } from './users-lines.js';
import { Progress } from './progress.js';
import { readRow, RefusedRow } from './users-row.js';

/** So many lines in one transaction: other writers wait for a fraction of a second. */
const BATCH = 500;

/** A line as far as it was read: the account, or why there is none. */
type ReadLine = { number: number } & ({ account: ImportedAccount } | { refused: string });

/**
 * Imports the accounts of a file, a batch at a time, and prints what was not imported and why.
 * Whenever it is interrupted, what is there is whole, and another run does the rest.
 *
 * @returns false when a line was refused
 * @throws UsageError when the file cannot be read
 */
export async function importUsers(
  tools: INestApplicationContext,
  path: string,
  { dryRun }: { dryRun: boolean },
): Promise<boolean> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be read (${error.code}).`);
  });
  try {
    const accounts = tools.get(AccountImport);
    const hashes = tools.get(PortableHashes);
    const taken = new TakenKeys();
    const progress = new Progress((await file.stat()).size);
    const counts = { imported: 0, skipped: 0, refused: 0 };
    let read: ReadLine[] = [];
    let done = 0;

    const flush = async (): Promise<void> => {
      const rows = read.flatMap((line) => ('account' in line ? [line.account] : []));
      const outcomes = dryRun ? await accounts.foresee(rows, taken) : await accounts.write(rows);
      const messages = read.flatMap((line) => {
        const [kind, reason] =
          'account' in line ? verdict(outcomes.shift()!) : (['refused', line.refused] as const);
        counts[kind]++;
        return kind === 'imported' ? [] : [`line ${line.number}: ${kind}: ${reason}`];
      });
      if (messages.length > 0) {
        progress.clear();
        console.log(messages.join('\n'));
      }
      done += read.length;
      read = [];
    };

    for await (const line of linesOf(file)) {
      read.push(await readLine(line, hashes));
      if (read.length === BATCH) {
        await flush();
        progress.at(line.end, done);
      }
    }
    await flush();
    progress.clear();
    console.log(summary(done, counts, dryRun));
    return counts.refused === 0;
  } finally {
    await file.close().catch(() => {}); // the stream has closed it after the last line
  }
}

async function readLine({ number, bytes }: Line, hashes: PortableHashes): Promise<ReadLine> {
  if (!bytes) return { number, refused: `The line is longer than ${MAX_LINE_BYTES} bytes.` };
  try {
    return { number, account: await readRow(bytes, hashes) };
  } catch (error) {
    if (error instanceof RefusedRow) return { number, refused: error.message };
    throw error;
  }
}

function verdict(outcome: ImportOutcome): ['imported' | 'skipped' | 'refused', string] {
  switch (outcome.result) {
    case 'imported':
      return ['imported', ''];
    case 'known':
      return ['skipped', 'The address has an account.'];
    case 'id_taken':
      return ['refused', 'The id belongs to an account with another address.'];
    case 'unknown_role':
      return ['refused', `There is no role ${outcome.role}.`];
  }
}

function summary(
  lines: number,
  { imported, skipped, refused }: { imported: number; skipped: number; refused: number },
  dryRun: boolean,
): string {
  const would = dryRun ? 'would be ' : '';
  const end = dryRun ? ' Nothing was written.' : '';
  return `${lines} lines: ${imported} ${would}imported, ${skipped} skipped, ${refused} refused.${end}`;
}
