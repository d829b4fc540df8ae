import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { PortableHashes } from '../auth/password/portable-hashes.js';
import { Accounts } from '../users/accounts.js';
import { UsageError } from './tool.js';
import { toRow } from './users-row.js';

const PAGE = 500;

/**
 * Writes every account but service accounts, one JSON object a line, to a file that only its owner may read, or to
 * standard output. The file is put in place whole.
 *
 * @throws UsageError when the file cannot be written
 */
export async function exportUsers(
  tools: INestApplicationContext,
  path: string | undefined,
  { withHashes }: { withHashes: boolean },
): Promise<void> {
  const lines = Readable.from(rows(tools, withHashes));
  if (path === undefined) return pipeline(lines, process.stdout, { end: false });

  const partial = `${path}.partial`;
  try {
    await rm(partial, { force: true }); // mode counts only for a file that is made
    await pipeline(lines, createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall) throw new UsageError(`${path} cannot be written (${code}).`);
    throw error;
  }
}

async function* rows(tools: INestApplicationContext, withHashes: boolean): AsyncGenerator<string> {
  const accounts = tools.get(Accounts);
  const hashes = tools.get(PortableHashes);
  for (let after: string | undefined; ;) {
    const page = await accounts.list({}, after, PAGE);
    if (page.length === 0) return;
    yield page
      .filter(({ serviceAccount }) => !serviceAccount) // no people: nobody could sign in to them elsewhere
      .map((account) => `${JSON.stringify(toRow(account, hashes, withHashes))}\n`)
      .join('');
    after = page.at(-1)!.id;
  }
}
