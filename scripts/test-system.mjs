// npm run test:system [-- <vitest arguments>]: tests that drive programs of the operating system.
import { accessSync, constants } from 'node:fs';
import { buildOrExit } from './build-if-stale.mjs';
import { runNode } from './run-node.mjs';

/** Program -> Debian package that brings it. */
const NEEDED = { '/usr/bin/chromium': 'chromium', '/usr/bin/curl': 'curl' };

const missing = Object.entries(NEEDED).filter(([program]) => !canRun(program));
if (missing.length > 0) {
  for (const [program] of missing) console.error(`${program} is missing.`);
  console.error(`Run: sudo apt-get install ${missing.map(([, name]) => name).join(' ')}`);
  process.exit(1);
}

await buildOrExit();
process.exitCode = await runNode('node_modules/vitest/vitest.mjs', [
  'run',
  '--config=vitest.system.config.ts',
  ...process.argv.slice(2),
]);

function canRun(program) {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
