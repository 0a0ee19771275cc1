import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two native thread pools on one small machine only slow each other down.
    maxWorkers: 2,
    globalSetup: ['test/setup/cache.ts'],
  },
});
