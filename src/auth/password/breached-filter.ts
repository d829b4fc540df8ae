import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * A file of passwords that were in a breach, as the first bytes of their SHA-1, ascending:
 *
 *     bytes 0..7    "LKBREACH"
 *     byte  8       version, 1
 *     byte  9       bytes for each password
 *     bytes 16..23  how many passwords, big-endian
 *     from 24 on    the passwords
 *
 * SHA-1, because published lists hold it; it guards nothing here. So many bytes are kept that a
 * password that is not in the list is taken for one that is fewer than once in a million times,
 * though it is looked up twice.
 */
export const MAGIC = Buffer.from('LKBREACH\x01', 'latin1');
export const HEADER_LENGTH = 24;
/** Passwords read at once, around the middle of what is left. */
const WINDOW = 1024;

/** Bytes for each of so many passwords: log2(count) bits tell them apart, 21 keep strangers out. */
export function bytesEach(count: number): number {
  return Math.ceil((Math.log2(Math.max(count, 1)) + 21) / 8);
}

export function breachedKey(password: string): Buffer {
  return createHash('sha1').update(password.normalize('NFKC')).digest();
}

/** Asks such a file. It stays on the disk: its size costs no memory. */
export class BreachedFilter {
  private constructor(
    private readonly file: FileHandle,
    /** How many passwords it holds. */
    readonly count: number,
    private readonly each: number,
  ) {}

  /** @throws Error when there is no such file, or it is another or broken one */
  static async open(path: string): Promise<BreachedFilter> {
    const file = await open(path, 'r');
    try {
      const header = Buffer.alloc(HEADER_LENGTH);
      await file.read(header, 0, HEADER_LENGTH, 0);
      const each = header[9]!;
      const count = Number(header.readBigUInt64BE(16));
      const { size } = await file.stat();
      const whole = each > 0 && each <= 20 && size === HEADER_LENGTH + count * each;
      if (!header.subarray(0, MAGIC.length).equals(MAGIC) || !whole) {
        throw Object.assign(new Error('This is not a whole filter file.'), {
          code: 'NOT_A_FILTER',
        });
      }
      return new BreachedFilter(file, count, each);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** True for the password as it is, or in lower case, as many lists have it. */
  async has(password: string): Promise<boolean> {
    return (await this.#holds(password)) || (await this.#holds(password.toLowerCase()));
  }

  close(): Promise<void> {
    return this.file.close();
  }

  async #holds(password: string): Promise<boolean> {
    const key = breachedKey(password).subarray(0, this.each);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const first = Math.max(low, Math.floor((low + high - WINDOW) / 2));
      const end = Math.min(high, first + WINDOW);
      const entries = await this.#read(first, end);
      if (key.compare(entries, 0, this.each) < 0) high = first;
      else if (key.compare(entries, entries.length - this.each) > 0) low = end;
      else return this.#stands(key, entries);
    }
    return false;
  }

  async #read(first: number, end: number): Promise<Buffer> {
    const entries = Buffer.alloc((end - first) * this.each);
    await this.file.read(entries, 0, entries.length, HEADER_LENGTH + first * this.each);
    return entries;
  }

  #stands(key: Buffer, entries: Buffer): boolean {
    for (let at = 0; at < entries.length; at += this.each) {
      if (key.compare(entries, at, at + this.each) === 0) return true;
    }
    return false;
  }
}
