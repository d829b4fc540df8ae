import { Prisma } from '../generated/prisma/client.js';
import type { Database } from './database.js';

/** So few rows that no other writer waits long for a statement about them. */
const STRETCH = 500;

/**
 * A table from its first id to its last, cut into stretches of at most 500 rows: each a filter for
 * ids. What is deleted or added meanwhile does not matter.
 */
export async function* stretches(
  database: Database,
  table: Prisma.ModelName,
): AsyncGenerator<{ gt: string; lte: string }> {
  const name = Prisma.raw(`"${table}"`);
  let gt = '';
  for (;;) {
    const [row] = await database.query<{ last: string | null }>`
      SELECT max("id") AS "last"
      FROM (SELECT "id" FROM ${name} WHERE "id" > ${gt} ORDER BY "id" LIMIT ${STRETCH})`;
    const lte = row!.last;
    if (lte === null) return;
    yield { gt, lte };
    gt = lte;
  }
}
