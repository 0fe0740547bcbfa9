import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['src/lib/db/testing-server.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
