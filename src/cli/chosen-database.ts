import { existsSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/load-config.js';

/** Every tool takes it: it may make the database. */
const NEW = '--new';

/**
 * Says on standard error which database a tool works on: one of another folder than the server's
 * would take everything and be seen by nobody.
 *
 * @param args what the tool was called with
 * @returns what the tool has to look at
 * @throws ConfigError when there is no such database, and it was not told to make one
 */
export function chooseDatabase({ databaseFile, dataDir }: Config, args: string[]): string[] {
  if (!existsSync(databaseFile) && !args.includes(NEW)) {
    throw new ConfigError([
      {
        variable: 'DATA_DIR',
        problem:
          `is ${dataDir}, and there is no database ${databaseFile}. Give the tool the environment ` +
          `of the server; or, if the server has never run, start it once, or add ${NEW}`,
        example: 'DATA_DIR=/var/lib/latchkey',
      },
    ]);
  }
  console.error(`Database: ${databaseFile}`);
  return args.filter((arg) => arg !== NEW);
}
