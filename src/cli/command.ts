import { Problem } from '../common/errors/problem.js';
import { Refusal } from '../common/errors/refusal.js';
import type { Config } from '../config/config.js';
import { loadEnvironment } from '../config/environment.js';
import { ConfigError, loadConfig } from '../config/load-config.js';
import { OWNER_ONLY } from '../config/owner-only.js';

/** Wrong usage: `message` says what would be right. */
export class UsageError extends Error {}

/** sysexits.h */
const EX_USAGE = 64;
const EX_CONFIG = 78;

/**
 * Runs one command with the configuration of the environment, and exits: 0 done, 1 refused, 64
 * wrong usage, 78 wrong configuration. Neither key nor database is made or opened.
 */
export async function runCommand(work: (config: Config) => Promise<void>): Promise<void> {
  process.umask(OWNER_ONLY);
  try {
    await work(loadConfig(loadEnvironment(), process.cwd()));
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(error.message);
    return EX_USAGE;
  }
  if (error instanceof ConfigError) {
    console.error(error.message);
    return EX_CONFIG;
  }
  if (error instanceof Refusal) {
    console.error(error.message);
    return 1;
  }
  if ((error as NodeJS.ErrnoException).syscall) {
    console.error((error as Error).message); // it names the path
    return 1;
  }
  if (error instanceof Problem) {
    console.error(error.detail);
    return 1;
  }
  console.error(error);
  return 1;
}
