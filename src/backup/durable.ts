import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, writeFileSync } from 'node:fs';

const PIECE = 1 << 20;

/** Writes a file only its owner may read; once this returns, a power cut does not take it away. */
export function writeDurably(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600, flag: 'wx', flush: true });
}

/** Makes what was written to a file, or the names in a folder, safe from a power cut. */
export function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** SHA-256 in hexadecimal, and the length in bytes. */
export function fingerprint(path: string): { sha256: string; bytes: number } {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(PIECE);
  const fd = openSync(path, 'r');
  try {
    let bytes = 0;
    for (let read; (read = readSync(fd, piece, 0, PIECE, null)) > 0; bytes += read) {
      hash.update(piece.subarray(0, read));
    }
    return { sha256: hash.digest('hex'), bytes };
  } finally {
    closeSync(fd);
  }
}
