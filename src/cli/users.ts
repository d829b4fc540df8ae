import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { fromCallersFolder } from '../config/environment.js';
import { runTool, UsageError } from './tool.js';
import { exportUsers } from './users-export.js';
import { importUsers } from './users-import.js';

const USAGE = `Usage: npm run users -- import <file.ndjson> [--dry-run] [--new]
       npm run --silent users -- export [file.ndjson] [--with-hashes]

import  brings in one account a line:
        {"email":"ada@example.org","emailVerified":true,"passwordHash":"$2b$10$..."}
        Addresses that have an account are skipped. A second run does what a first one left.
        --new makes the database if there is none.
export  writes all accounts in the same form, without their password hashes unless told.

More: docs/bring-your-users.md`;

/** npm run users */
async function users(tools: INestApplicationContext, args: string[]): Promise<void> {
  const { values, positionals } = parsed(args);
  const [command, file, ...rest] = positionals;
  const { 'dry-run': dryRun, 'with-hashes': withHashes } = values;
  if (command === 'import' && file !== undefined && rest.length === 0 && !withHashes) {
    if (!(await importUsers(tools, fromCallersFolder(file), { dryRun }))) process.exitCode = 1;
  } else if (command === 'export' && rest.length === 0 && !dryRun) {
    await exportUsers(tools, file === undefined ? undefined : fromCallersFolder(file), {
      withHashes,
    });
  } else {
    throw new UsageError(USAGE);
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        'with-hashes': { type: 'boolean', default: false },
      },
    });
  } catch {
    throw new UsageError(USAGE);
  }
}

void runTool(users);
