import type { MasterKey } from '../common/crypto/master-key.js';

/**
 * A line of the audit trail as it is stored, text for text: what is hashed is what the file holds,
 * not what it means.
 */
export interface AuditLine {
  seq: number;
  id: string | null;
  at: string | null;
  type: string | null;
  actor: string | null;
  subject: string | null;
  ip: string | null;
  requestId: string | null;
  scheme: string | null;
  /** JSON. */
  detail: string | null;
}

/** {@link AuditLine} in its place; hashes in lower-case hex. */
export interface ChainedLine extends AuditLine {
  previousHash: string | null;
  hash: string | null;
}

/** What the next line follows: the newest line, the checkpoint of what was removed, or nothing. */
export interface Link {
  seq: number;
  hash: string;
}

/** What the very first line follows. */
export const BEGINNING: Link = { seq: 0, hash: '00'.repeat(32) };

/** What is wrong with a chain, at the first line where it shows. */
export interface ChainFault {
  seq: number;
  /**
   * changed: not what the server wrote. order: what it wrote, for another place. missing: whole, but
   * what stood before it is gone.
   */
  kind: 'changed' | 'order' | 'missing';
  message: string;
}

/** Thrown where a chain that does not hold cannot be worked with. */
export class BrokenChain extends Error {
  constructor(readonly fault: ChainFault) {
    super(`The audit trail does not hold: ${fault.message}.`);
  }
}

/** The line, bound to the one before. */
export function chained(masterKey: MasterKey, line: AuditLine, before: Link): ChainedLine {
  return { ...line, previousHash: before.hash, hash: hashOf(masterKey, line, before.hash) };
}

/** Authenticates what was removed up to, so that nobody else can say so. */
export function checkpointMac(masterKey: MasterKey, { seq, hash }: Link): Buffer {
  return masterKey.mac('audit-chain', JSON.stringify(['latchkey/audit/checkpoint/v1', seq, hash]));
}

/**
 * What is wrong with a line that stands behind `before`.
 *
 * @returns undefined when it is what the server wrote there
 */
export function faultOf(
  masterKey: MasterKey,
  line: ChainedLine,
  before: Link,
): ChainFault | undefined {
  const { seq } = line;
  if (line.hash === null || line.hash !== hashOf(masterKey, line, line.previousHash)) {
    return { seq, kind: 'changed', message: `line ${seq} is not what the server wrote` };
  }
  if (line.previousHash === before.hash) return undefined;
  if (seq > before.seq + 1) {
    const message = `what stood between line ${before.seq} and line ${seq} is missing`;
    return { seq, kind: 'missing', message };
  }
  const message = `line ${seq} does not follow line ${before.seq}`;
  return { seq, kind: 'order', message };
}

/** The place the server wrote the line for, when it was moved; looked for among these. */
export function originalPlace(
  masterKey: MasterKey,
  line: ChainedLine,
  places: { from: number; to: number },
): number | undefined {
  for (let seq = places.from; seq <= places.to; seq++) {
    if (hashOf(masterKey, { ...line, seq }, line.previousHash) === line.hash) return seq;
  }
  return undefined;
}

/** A JSON array is one text for one list of texts and nulls, whatever they hold. */
function hashOf(masterKey: MasterKey, line: AuditLine, previousHash: string | null): string {
  const { seq, id, at, type, actor, subject, ip, requestId, scheme, detail } = line;
  const fields = [id, at, type, actor, subject, ip, requestId, scheme, detail, previousHash];
  return masterKey
    .mac('audit-chain', JSON.stringify(['latchkey/audit/line/v1', seq, ...fields]))
    .toString('hex');
}
