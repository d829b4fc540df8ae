// npm test [-- <vitest arguments>]: unit and end-to-end tests.
import { buildOrExit } from './build-if-stale.mjs';
import { runNode } from './run-node.mjs';

await buildOrExit();
process.exitCode = await runNode('node_modules/vitest/vitest.mjs', [
  'run',
  ...process.argv.slice(2),
]);
