// npm run check: everything but the tests. Goes on after a failure, so that one run tells all.
import { buildOrExit } from './build-if-stale.mjs';
import { runNodeQuietly } from './run-node.mjs';

const AT_ONCE = 2;

const CHECKS = {
  types: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.test.json'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lint: ['node_modules/oxlint/bin/oxlint'],
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
const waiting = Object.entries(CHECKS);
const failed = [];
await Promise.all(Array.from({ length: AT_ONCE }, lane));
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}. Each is an npm script of its own.`);
  process.exit(1);
}
console.log('All checks passed.');

/** Each tells what it has to say in one piece, when it is done. */
async function lane() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, [script, ...args]] = next;
    const begun = performance.now();
    const { code, output } = await runNodeQuietly(script, args);
    if (code !== 0) failed.push(name);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`--- ${name}\n${output}    ${seconds} s`);
  }
}
