import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { breachedKey, bytesEach, HEADER_LENGTH, MAGIC } from './breached-filter.js';

/** Unsorted lists are sorted in memory, at eight bytes for each password. */
const MAX_UNSORTED = 100_000_000;
const BLOCK = 1 << 16;

/** A password, or the SHA-1 of one in hexadecimal, and in how many breaches it was. */
export interface ListedPassword {
  password?: string;
  sha1?: string;
  count?: number;
}

/**
 * Reads a list of passwords, one a line: plain text; `SHA1` or `SHA1:count`, as the downloader of
 * Have I Been Pwned writes it; or, in a file that ends in .ndjson, `{"sha1" or "password", "count"?}`.
 *
 * @throws Error naming the line that is none of these
 */
export async function* readPasswordList(path: string): AsyncGenerator<ListedPassword> {
  const isJson = path.endsWith('.ndjson');
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    number++;
    if (line === '') continue;
    const entry = isJson ? fromJson(line) : fromText(line);
    if (!entry)
      throw new Error(
        `Line ${number} is not {"sha1": 40 hexadecimal digits} or {"password": text}.`,
      );
    yield entry;
  }
}

function fromText(line: string): ListedPassword {
  const [, sha1, count] = /^([0-9A-Fa-f]{40})(?::(\d+))?$/.exec(line) ?? [];
  if (!sha1) return { password: line };
  return count === undefined ? { sha1 } : { sha1, count: Number(count) };
}

function fromJson(line: string): ListedPassword | undefined {
  let entry: ListedPassword | null;
  try {
    entry = JSON.parse(line) as ListedPassword | null;
  } catch {
    return undefined;
  }
  if (typeof entry?.sha1 === 'string')
    return /^[0-9A-Fa-f]{40}$/.test(entry.sha1) ? entry : undefined;
  return typeof entry?.password === 'string' ? entry : undefined;
}

/**
 * Writes a filter file, whole or not at all. A list that is sorted by its hashes may have any
 * length; another one at most a hundred million passwords.
 *
 * @param list called twice, and gives the same passwords each time
 * @param minCount leaves out those that were in fewer breaches; ones without a count stay
 * @returns how many different passwords the file holds, and its size in bytes
 */
export async function writeBreachedFilter(
  list: () => AsyncIterable<ListedPassword> | Iterable<ListedPassword>,
  path: string,
  minCount = 1,
): Promise<{ count: number; size: number }> {
  const keys = () => keysOf(list(), minCount);
  const { count, sorted } = await survey(keys());
  if (!sorted && count > MAX_UNSORTED) {
    throw new Error(
      `More than ${MAX_UNSORTED} passwords: sort them by SHA-1, or raise --min-count.`,
    );
  }
  const each = bytesEach(count);
  const next = `${path}.next`;
  const file = await open(next, 'w');
  try {
    const written = await writeEntries(file, sorted ? keys() : await inOrder(keys(), count), each);
    await writeHeader(file, written, each);
    await file.sync();
    await file.close();
    await rename(next, path);
    return { count: written, size: HEADER_LENGTH + written * each };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(next, { force: true });
    throw error;
  }
}

/** The first 64 bits of each SHA-1. */
async function* keysOf(
  list: AsyncIterable<ListedPassword> | Iterable<ListedPassword>,
  minCount: number,
): AsyncGenerator<bigint> {
  for await (const { password, sha1, count } of list) {
    if (count !== undefined && count < minCount) continue;
    const hash = sha1 === undefined ? breachedKey(password ?? '') : Buffer.from(sha1, 'hex');
    yield hash.readBigUInt64BE(0);
  }
}

async function survey(keys: AsyncIterable<bigint>): Promise<{ count: number; sorted: boolean }> {
  let count = 0;
  let sorted = true;
  let last = 0n;
  for await (const key of keys) {
    count++;
    sorted &&= key >= last;
    last = key;
  }
  return { count, sorted };
}

async function inOrder(keys: AsyncIterable<bigint>, count: number): Promise<BigUint64Array> {
  const all = new BigUint64Array(count);
  let at = 0;
  for await (const key of keys) all[at++] = key;
  return all.sort();
}

/** @param keys ascending */
async function writeEntries(
  file: FileHandle,
  keys: AsyncIterable<bigint> | Iterable<bigint>,
  each: number,
): Promise<number> {
  const block = Buffer.alloc(BLOCK);
  const shift = BigInt(64 - 8 * each);
  let used = 0;
  let count = 0;
  let last = -1n;
  let position = HEADER_LENGTH;
  const flush = async () => {
    await file.write(block, 0, used, position);
    position += used;
    used = 0;
  };
  for await (const whole of keys) {
    const key = whole >> shift;
    if (key === last) continue;
    last = key;
    for (let byte = each - 1, rest = key; byte >= 0; byte--, rest >>= 8n) {
      block[used + byte] = Number(rest & 0xffn);
    }
    used += each;
    count++;
    if (used + each > BLOCK) await flush();
  }
  await flush();
  return count;
}

async function writeHeader(file: FileHandle, count: number, each: number): Promise<void> {
  const header = Buffer.alloc(HEADER_LENGTH);
  MAGIC.copy(header);
  header[MAGIC.length] = each;
  header.writeBigUInt64BE(BigInt(count), 16);
  await file.write(header, 0, HEADER_LENGTH, 0);
}
