import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { sync } from './durable.js';

/**
 * Puts `draft` in the place of `file`, of which there is one or the other at every moment.
 *
 * @param aside where the file that is there now is kept; undefined: there must be none
 * @throws EEXIST when there is one all the same
 */
export function putInPlace(draft: string, file: string, aside: string | undefined): void {
  if (aside === undefined) {
    linkOr(() => renameSync(draft, file), draft, file);
    rmSync(draft, { force: true });
  } else {
    if (existsSync(file)) linkOr(() => renameSync(file, aside), file, aside);
    renameSync(draft, file);
  }
  sync(dirname(file));
}

/** Moves the file, if there is one. */
export function moveAside(file: string, aside: string): void {
  if (existsSync(file)) renameSync(file, aside);
}

/** A second name for a file; on a file system without such, what else will do. */
function linkOr(otherwise: () => void, file: string, name: string): void {
  try {
    linkSync(file, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') {
      throw error;
    }
    otherwise();
  }
}
