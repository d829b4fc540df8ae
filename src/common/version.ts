import { readFileSync } from 'node:fs';

/** The package's own version; package.json stands beside dist/, which needs it to be ES modules. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
