/** Whether this is the password. Runs on the thread pool, or in slices beside the event loop. */
export type Verifier = (password: string) => Promise<boolean>;

/** One way in which other systems write password hashes down. */
export interface HashFormat {
  /** By its beginning alone, so that what is malformed after it gets a reason of its own. */
  recognises(stored: string): boolean;

  /**
   * Takes the text apart and checks its cost; computes nothing yet.
   *
   * @throws UnusableHash
   */
  read(stored: string): Verifier;
}

/** A hash that cannot be used; the message says why, and never holds a part of it. */
export class UnusableHash extends Error {}

/** @throws UnusableHash when the hash does not have the form its beginning announces */
export function taken(pattern: RegExp, stored: string, name: string): string[] {
  const match = pattern.exec(stored);
  if (!match) throw new UnusableHash(`The passwordHash is not a well-formed ${name} hash.`);
  return match.slice(1);
}
