import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MasterKey } from '../common/crypto/master-key.js';
import { sameBytes } from '../common/crypto/secret-token.js';
import { Refusal } from '../common/errors/refusal.js';
import { writeDurably } from './durable.js';

export const DATABASE = 'latchkey.db';
export const MASTER_KEY = 'master.key';
/** How the name of a folder ends that is being made or removed, and is no backup. */
export const PARTIAL = '.partial';
const MANIFEST = 'manifest.json';
/** HMAC of the manifest, byte for byte: nobody without the master key makes a backup of ours. */
const SEAL = 'manifest.mac';

const FORMAT = 'latchkey-backup';
const VERSION = 1;

/** What a backup says of itself. */
export interface Manifest {
  format: typeof FORMAT;
  version: typeof VERSION;
  /** UUIDv7. */
  id: string;
  /** When it was begun, ISO 8601. */
  createdAt: string;
  /** `included`, or `environment`: MASTER_KEY was set, and has to be kept elsewhere. */
  masterKey: 'included' | 'environment';
  migrations: string[];
  rows: Record<string, number>;
  files: Record<string, { sha256: string; bytes: number }>;
}

export function writeManifest(
  folder: string,
  facts: Omit<Manifest, 'format' | 'version'>,
  key: MasterKey,
): void {
  const manifest: Manifest = { format: FORMAT, version: VERSION, ...facts };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeDurably(join(folder, MANIFEST), text);
  writeDurably(join(folder, SEAL), sealOf(text, key));
}

/**
 * The manifest of a backup; believe it only after {@link assertSealed}.
 *
 * @throws Refusal when there is none, or one this version cannot read
 */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), 'utf8');
  } catch {
    throw new Refusal(
      `${folder} is no backup: it has no ${MANIFEST}. Name the folder that \`backup -- create\` printed.`,
    );
  }
  const manifest = parsed(text);
  if (manifest?.format !== FORMAT) throw new Refusal(`${join(folder, MANIFEST)} has been changed.`);
  if (manifest.version !== VERSION) {
    throw new Refusal(
      `${folder} is a backup of form ${String(manifest.version)}: this version of the server knows ${VERSION} only.`,
    );
  }
  return manifest;
}

/** The files a backup consists of. */
export function filesOf(masterKey: Manifest['masterKey']): string[] {
  return [DATABASE, ...(masterKey === 'included' ? [MASTER_KEY] : [])];
}

/** The names that may stand in the folder of a backup. */
export function namesIn(manifest: Manifest): string[] {
  return [...filesOf(manifest.masterKey), MANIFEST, SEAL];
}

/** @throws Refusal when the manifest is not, byte for byte, the one written with this key */
export function assertSealed(folder: string, key: MasterKey): void {
  const seal = readFileSync(join(folder, SEAL));
  const right = sealOf(readFileSync(join(folder, MANIFEST), 'utf8'), key);
  if (sameBytes(seal, Buffer.from(right))) return;
  throw new Refusal(
    `${join(folder, MANIFEST)} or its ${SEAL} has been changed, or MASTER_KEY is not the key this backup was made with.`,
  );
}

function sealOf(manifest: string, key: MasterKey): string {
  return `${key.mac('backup-manifest', manifest).toString('base64')}\n`;
}

function parsed(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined;
  }
}
