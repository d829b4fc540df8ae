import { defineConfig } from 'vitest/config';

/** Unit tests beside the code, end-to-end tests in test/. What needs Debian packages is apart. */
export default defineConfig({
  // The decorators of Nest, with the constructor types its injection reads.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.e2e-spec.ts'],
    maxWorkers: 2,
    // No test is to fail because the machine is busy: this only ends what would never end.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    allowOnly: false,
    reporters: ['default', './scripts/summary-reporter.mjs'],
  },
});
