import type { MasterKey } from '../common/crypto/master-key.js';
import { sameBytes } from '../common/crypto/secret-token.js';
import type { Database } from '../database/database.js';
import { Prisma } from '../generated/prisma/client.js';
import { BEGINNING, BrokenChain, type ChainedLine, checkpointMac, type Link } from './chain.js';

/** Texts as they are; anything else, which the server never writes there, as something they are not. */
const asStored = (column: string): Prisma.Sql =>
  Prisma.raw(`CASE typeof("${column}") WHEN 'text' THEN "${column}"
    WHEN 'null' THEN NULL ELSE typeof("${column}") || quote("${column}") END AS "${column}"`);
const asHex = (column: string): Prisma.Sql =>
  Prisma.raw(
    `CASE typeof("${column}") WHEN 'blob' THEN lower(hex("${column}")) END AS "${column}"`,
  );

const LINE = Prisma.join([
  Prisma.raw('"seq"'),
  ...['id', 'at', 'type', 'actor', 'subject', 'ip', 'requestId', 'scheme', 'detail'].map(asStored),
  ...['previousHash', 'hash'].map(asHex),
]);

/** A time as the database holds it: texts that sort like times. */
export function storedTime(time: Date): string {
  return time.toISOString().replace('Z', '+00:00');
}

/** Lines behind this one in the order of the chain, as they are stored. */
export function linesAfter(database: Database, seq: number, take: number): Promise<ChainedLine[]> {
  return database.query<ChainedLine>`
    SELECT ${LINE} FROM "AuditEvent" WHERE "seq" > ${seq} ORDER BY "seq" LIMIT ${take}`;
}

/**
 * What the next line follows.
 *
 * @throws Error when the newest line is in no chain: OlderLines has not run
 */
export async function newestLink(database: Database): Promise<Link> {
  const [newest] = await database.query<{ seq: number; hash: string | null }>`
    SELECT "seq", lower(hex("hash")) AS "hash" FROM "AuditEvent" ORDER BY "seq" DESC LIMIT 1`;
  if (!newest) return (await checkpoint(database)) ?? BEGINNING;
  if (!newest.hash) throw new Error('The newest line of the audit trail is in no chain.');
  return { seq: newest.seq, hash: newest.hash };
}

/** The last line that was removed because it was old; undefined when none ever was. */
async function checkpoint(database: Database): Promise<(Link & { mac: Uint8Array }) | undefined> {
  const [row] = await database.query<Link & { mac: Uint8Array }>`
    SELECT "seq", lower(hex("hash")) AS "hash", "mac" FROM "AuditCheckpoint"`;
  return row;
}

/**
 * What the oldest line that is kept follows.
 *
 * @throws BrokenChain when the checkpoint is not what the server wrote
 */
export async function oldestLink(database: Database, masterKey: MasterKey): Promise<Link> {
  const found = await checkpoint(database);
  if (!found) return BEGINNING;
  const { seq, hash, mac } = found;
  if (sameBytes(mac, checkpointMac(masterKey, found))) return { seq, hash };
  const message = `the checkpoint at line ${seq} is not what the server wrote`;
  throw new BrokenChain({ seq, kind: 'changed', message });
}
