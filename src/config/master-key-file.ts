import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { MasterKey } from '../common/crypto/master-key.js';
import { Config } from './config.js';
import { ConfigError } from './load-config.js';
import { masterKey as parseMasterKey } from './parsers.js';

/**
 * The master key: MASTER_KEY, or the file DATA_DIR/master.key, which is made at the first start.
 * Of two processes that start at once, both get the same key.
 *
 * @throws ConfigError when the file is no key, or when it is gone while the database it belongs to
 *   is still there: a new key would make every password and mail in it unreadable
 */
export function loadMasterKey(config: Config): MasterKey {
  if (config.masterKey) return new MasterKey(config.masterKey);
  const file = masterKeyFile(config);
  if (!existsSync(file)) {
    if (existsSync(config.databaseFile)) {
      throw fault(`is unset and ${file} is gone, but its database is there: put the key back`);
    }
    makeKeyFile(config.dataDir, file);
  }
  try {
    return readMasterKey(file);
  } catch (error) {
    throw fault(`is unset and ${file} cannot be used: ${(error as Error).message}`);
  }
}

/** Where the key is kept when MASTER_KEY is unset. */
export function masterKeyFile({ dataDir }: Config): string {
  return join(dataDir, 'master.key');
}

/** The key in a file; throws when it holds none. */
export function readMasterKey(file: string): MasterKey {
  return new MasterKey(parseMasterKey(readFileSync(file, 'utf8').trim()));
}

function makeKeyFile(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  chmodSync(draft, 0o600); // the umask may have taken more, but never gives more
  try {
    linkSync(draft, file); // fails when another process was faster: then its key is the key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function fault(problem: string): ConfigError {
  return new ConfigError([
    { variable: 'MASTER_KEY', problem, example: 'MASTER_KEY_FILE=/run/secrets/master-key' },
  ]);
}
