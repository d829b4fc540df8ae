import { fileURLToPath } from 'node:url';
import { BreachedFilter } from './breached-filter.js';

/** Made by `npm run passwords:filter -- --shipped`. */
export const SHIPPED_FILTER = fileURLToPath(
  new URL('../../../assets/breached-passwords.filter', import.meta.url),
);

/**
 * Whether a password is known from a breach: in the filter that ships, or in the operator's own.
 *
 * @param ownFilter path of the operator's filter file
 * @param unusable told why when that file cannot be read; then the other one decides alone
 */
export async function isBreached(
  password: string,
  ownFilter: string | undefined,
  unusable: (reason: string) => void,
): Promise<boolean> {
  if (await (await shippedFilter()).has(password)) return true;
  if (ownFilter === undefined) return false;
  try {
    return await standsIn(ownFilter, password);
  } catch (error) {
    unusable(reasonOf(error));
    return false;
  }
}

/** Why a filter file cannot be used; undefined when it can. */
export async function filterFault(path: string): Promise<string | undefined> {
  try {
    await (await BreachedFilter.open(path)).close();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

let shipped: Promise<BreachedFilter> | undefined;

/**
 * Opened once: nobody replaces it while the server runs, and each step of opening waits its turn
 * behind password hashes.
 */
function shippedFilter(): Promise<BreachedFilter> {
  shipped ??= BreachedFilter.open(SHIPPED_FILTER).catch((error: unknown) => {
    shipped = undefined;
    throw error;
  });
  return shipped;
}

/** Opened for each question, so that a file that is replaced counts from then on. */
async function standsIn(path: string, password: string): Promise<boolean> {
  const filter = await BreachedFilter.open(path);
  try {
    return await filter.has(password);
  } finally {
    await filter.close();
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unreadable';
}
