import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MasterKey } from '../common/crypto/master-key.js';
import { Refusal } from '../common/errors/refusal.js';
import type { Config } from '../config/config.js';
import { readMasterKey } from '../config/master-key-file.js';
import { type DatabaseFacts, inspectDatabase } from '../database/database-copy.js';
import { fingerprint } from './durable.js';
import {
  assertSealed,
  DATABASE,
  filesOf,
  type Manifest,
  MASTER_KEY,
  namesIn,
  PARTIAL,
  readManifest,
} from './manifest.js';

/** A backup that has been found whole. */
export interface Backup {
  folder: string;
  manifest: Manifest;
  /** The keys of its database. */
  masterKey: MasterKey;
}

/**
 * Checks a backup without writing anything: every byte is the one that was written, the database
 * is sound and known to this version, and key and database belong together.
 *
 * @param config where the key is when the backup does not hold it
 * @throws Refusal naming the file and what is wrong with it
 */
export function verifyBackup(folder: string, config: Config): Backup {
  if (folder.endsWith(PARTIAL)) {
    throw new Refusal(`${folder} is no backup: the command that made it did not come to its end.`);
  }
  const manifest = readManifest(folder);
  assertFiles(folder, manifest);
  const masterKey = keyOf(folder, manifest, config);
  assertSealed(folder, masterKey);
  const file = join(folder, DATABASE);
  let facts: DatabaseFacts;
  try {
    facts = inspectDatabase(file);
  } catch (error) {
    throw new Refusal(`${file} cannot be used: ${(error as Error).message}.`);
  }
  if (JSON.stringify(facts.rows) !== JSON.stringify(manifest.rows)) {
    throw new Refusal(`${file} does not hold the rows that the manifest counts.`);
  }
  return { folder, manifest, masterKey: assertOpens(facts, masterKey, file) };
}

/**
 * The keys of the database.
 *
 * @throws Refusal when the master key does not open what the database keeps under it
 */
export function assertOpens(facts: DatabaseFacts, masterKey: MasterKey, file: string): MasterKey {
  let keys: MasterKey;
  try {
    keys = masterKey.unlock(facts.ring);
  } catch {
    throw new Refusal(
      `The master key does not belong to ${file}: it does not open the keys in it.`,
    );
  }
  for (const { kid, privateKey } of facts.signingKeys) {
    try {
      keys.open('signing-key-at-rest', kid, privateKey);
    } catch {
      throw new Refusal(
        `The master key does not belong to ${file}: it does not open the signing key ${kid}.`,
      );
    }
  }
  return keys;
}

function assertFiles(folder: string, manifest: Manifest): void {
  // A journal laid beside the database would be read with it.
  const foreign = readdirSync(folder).find((name) => !namesIn(manifest).includes(name));
  if (foreign !== undefined) {
    throw new Refusal(`${join(folder, foreign)} is no part of the backup: remove it.`);
  }
  for (const name of namesIn(manifest)) {
    if (!existsSync(join(folder, name))) throw new Refusal(`${join(folder, name)} is missing.`);
  }
  for (const name of filesOf(manifest.masterKey)) {
    const written = manifest.files?.[name];
    const present = fingerprint(join(folder, name));
    if (present.sha256 !== written?.sha256 || present.bytes !== written.bytes) {
      throw new Refusal(`${join(folder, name)} has been changed since the backup was made.`);
    }
  }
}

function keyOf(folder: string, { masterKey }: Manifest, config: Config): MasterKey {
  if (masterKey === 'included') return readKey(join(folder, MASTER_KEY));
  if (config.masterKey) return new MasterKey(config.masterKey);
  const present = join(config.dataDir, MASTER_KEY);
  if (existsSync(present)) return readKey(present);
  throw new Refusal(
    `${folder} does not hold the master key: set MASTER_KEY (or MASTER_KEY_FILE) to the one the server had when the backup was made.`,
  );
}

function readKey(file: string): MasterKey {
  try {
    return readMasterKey(file);
  } catch (error) {
    throw new Refusal(`${file} is no master key: it ${(error as Error).message}.`);
  }
}
