// npm run check: everything but the tests. Goes on after a failure, so that one run tells all.
import { buildOrExit } from './build-if-stale.mjs';
import { runNode } from './run-node.mjs';

const CHECKS = {
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lint: ['node_modules/oxlint/bin/oxlint'],
  types: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.test.json'],
  'types:examples': ['node_modules/typescript/bin/tsc', '-p', 'examples/tsconfig.json'],
  arrows: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', 'src'],
  'migrate:check': ['scripts/migrate-new.mjs', '--check'],
  'docs:configuration:check': ['scripts/docs-configuration.mjs', '--check'],
  'docs:asvs:check': ['scripts/docs-asvs.mjs', '--check'],
  'openapi:check': ['scripts/openapi.mjs', '--check'],
  'client:check': ['scripts/client.mjs', '--check'],
  'openapi:lint': [
    'node_modules/@stoplight/spectral-cli/dist/index.js',
    'lint',
    '--fail-severity=warn',
    'docs/openapi.json',
  ],
};

await buildOrExit(); // generates the Prisma client that the types speak of
const failed = [];
for (const [name, [script, ...args]] of Object.entries(CHECKS)) {
  const begun = performance.now();
  console.log(`--- ${name}`);
  if ((await runNode(script, args)) !== 0) failed.push(name);
  console.log(`    ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}. Each is an npm script of its own.`);
  process.exit(1);
}
console.log('All checks passed.');
