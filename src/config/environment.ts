import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables of the process, and those that the file `.env` in its folder adds to them. They become
 * the process's own: Node reads UV_THREADPOOL_SIZE there.
 */
export function loadEnvironment(): Environment {
  const file = dotenvFile();
  if (existsSync(file)) process.loadEnvFile(file); // what is set already wins
  return process.env;
}

/** The same for whoever wants to know which says what. Changes nothing. */
export function environmentBySource(): { given: Environment; dotenv: Environment } {
  const file = dotenvFile();
  const dotenv = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { given: { ...process.env }, dotenv };
}

/** A path as whoever called `npm run` meant it: npm runs scripts in the folder of the package. */
export function fromCallersFolder(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

function dotenvFile(): string {
  return join(process.cwd(), '.env');
}
