import { UnusableHash } from './formats/format.js';
import { readForeignHash } from './formats/formats.js';

/** Stands in front of a hash that another system made, until its owner signs in. */
const IMPORTED = 'imported:';

export function isImported(stored: string): boolean {
  return stored.startsWith(IMPORTED);
}

/** @throws UnusableHash unknown, malformed, or too costly */
export function importedHash(original: string): string {
  readForeignHash(original);
  return IMPORTED + original;
}

/** What {@link importedHash} was made of. */
export function originalHash(stored: string): string {
  return stored.slice(IMPORTED.length);
}

/**
 * Whether this is the password, as typed or, should that fail, in NFKC: where the hash was made,
 * passwords were most likely not normalised, and here keyboards differ in how they compose an é.
 * A hash beyond the bounds, however it got here, is not evaluated: undefined.
 */
export function importedVerifier(
  stored: string,
): ((password: string) => Promise<boolean>) | undefined {
  try {
    const verify = readForeignHash(originalHash(stored));
    return async (password) => {
      if (await verify(password)) return true;
      const normal = password.normalize('NFKC');
      return normal !== password && (await verify(normal));
    };
  } catch (error) {
    if (error instanceof UnusableHash) return undefined;
    throw error;
  }
}
