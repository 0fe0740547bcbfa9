import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['src/lib/db/testing-server.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest alone would leave one core to itself, which does little here.
    maxWorkers: '100%',
  },
});
