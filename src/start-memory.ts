import { setFlagsFromString } from 'node:v8';

/**
 * What a start does to the process, it does once: thousands of modules, each run a single time.
 * V8 is told so before the first of them is loaded.
 *
 * - `--no-opt`: what runs once is not worth optimising, and two cores have better things to do.
 * - `--semi-space-growth-factor=1`: modules come faster than garbage is collected, so the young
 *   generation would grow to its full 32 MB, and it never shrinks.
 * - `--liftoff-only`: Prisma's query compiler is 2 MB of WebAssembly. V8's optimising compiler
 *   takes 75 MB to make it faster, which the few queries that do not go by prepared statements
 *   cannot repay. This one stays.
 *
 * docs/performance.md has the figures with and without.
 */
for (const flag of ['--no-opt', '--semi-space-growth-factor=1', '--liftoff-only']) {
  setFlagsFromString(flag);
}

/** Requests come again and again: from now on V8 does what it always does. */
export function startIsOver(): void {
  setFlagsFromString('--opt');
  setFlagsFromString('--semi-space-growth-factor=2');
}
