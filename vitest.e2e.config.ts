import { defineConfig } from 'vitest/config';

/** Against the built server, as the town hall runs it: started, killed, starved, seen by a browser. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.{ts,tsx}'],
    globalSetup: ['e2e/support/prepared.ts'],
    setupFiles: ['e2e/support/tidy.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // A browser on a busy machine: what is waited for comes in its own time, and what never comes still fails.
    expect: { poll: { timeout: 30_000, interval: 100 } },
    // Each file starts servers and databases of its own: more than two at once only wait for each other.
    maxWorkers: 2,
  },
});
