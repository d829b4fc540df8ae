import type { SchemaEntry } from '../database/migrate.js';

/** The tables of the trail. */
const OURS: ReadonlySet<string> = new Set(['AuditEvent', 'AuditCheckpoint']);

/**
 * What stands in a database that could keep lines out of the trail without a gap in its chain: a
 * trigger, on whatever table, that takes a line away before the next one is written, a view, or a
 * rule of the trail's own tables that ignores some. The server makes none but those it ships with.
 *
 * That one of the shipped triggers is missing hides nothing: what it would have refused shows in
 * the chain.
 *
 * @returns one description each
 */
export function foreignSchema(
  found: readonly SchemaEntry[],
  shipped: readonly SchemaEntry[],
): string[] {
  const known = new Set(shipped.map(toText));
  return found
    .filter((entry) => actsOnTrail(entry) && !known.has(toText(entry)))
    .map(({ type, name, table }) =>
      type === 'trigger' ? `trigger "${name}" on "${table}"` : `${type} "${name}"`,
    );
}

function actsOnTrail({ type, name }: SchemaEntry): boolean {
  return type === 'trigger' || type === 'view' || (type === 'table' && OURS.has(name));
}

function toText({ type, name, table, sql }: SchemaEntry): string {
  return JSON.stringify([type, name, table, sql]);
}
