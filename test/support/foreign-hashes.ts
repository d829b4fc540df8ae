import { readFileSync } from 'node:fs';

export interface ForeignHash {
  format: string;
  password: string;
  hash: string;
}

/** Hashes that other systems' own code has made: see test/fixtures/make-hashes.py. */
export const FOREIGN_HASHES: ForeignHash[] = ['hashes', 'hashes-scrypt'].flatMap((name) => {
  const file = new URL(`../fixtures/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { hashes: ForeignHash[] }).hashes;
});

export const FORMATS = [...new Set(FOREIGN_HASHES.map(({ format }) => format))];

/** The hash of this form for the password of ASCII letters. */
export function plainHash(format: string): ForeignHash {
  return FOREIGN_HASHES.find((made) => made.format === format)!;
}
