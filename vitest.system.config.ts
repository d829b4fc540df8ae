import { defineConfig } from 'vitest/config';

/** Tests that drive programs of the operating system, from the folder scripts/test-system.mjs names. */
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: ['**/*.spec.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    allowOnly: false,
    reporters: ['default', './scripts/summary-reporter.mjs'],
  },
});
