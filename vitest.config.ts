import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { OUTSIDE_PATTERNS } from './scripts/lib/outside-tests.ts';
import { TEST_ENVIRONMENT } from './scripts/lib/test-environment.ts';
import { databaseTests } from './scripts/lib/test-kinds.ts';
import { LongestFirst } from './scripts/lib/test-order.ts';

Object.assign(process.env, TEST_ENVIRONMENT);

const database = databaseTests(import.meta.dirname);

/** Against the built server, as the town hall runs it: started, killed, starved, seen by a browser. */
const built = {
  globalSetup: ['e2e/support/run/prepared.ts'],
  setupFiles: ['e2e/support/run/tidy.ts'],
  testTimeout: 180_000,
  hookTimeout: 120_000,
  // A browser on a busy machine: what is waited for comes in its own time, and what never comes still fails.
  expect: { poll: { timeout: 30_000, interval: 100 } },
};

/** How long a test waits for what other processes and connections do, in milliseconds; a busy machine needs more than Vitest's one second. */
const expectation = { poll: { timeout: 10_000 } };

/** The kinds of tests; `npm run test:unit`, `test:db` and `test:e2e` run one of them, `outside` belongs to `npm run test:all` (scripts/lib/outside-tests.ts). */
export default defineConfig({
  test: {
    // Vitest itself does little, and a third of the time tests wait: for databases, servers and networks.
    maxWorkers: availableParallelism() + 1,
    // Most files import most of the code: a worker that goes on to the next file has it already.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: database,
          setupFiles: ['src/lib/testing/no-database.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: expectation,
        },
      },
      {
        test: {
          name: 'db',
          include: database,
          globalSetup: ['src/lib/db/testing-server.ts'],
          setupFiles: ['src/lib/testing/quick-hashes.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: expectation,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.{ts,tsx}'],
          exclude: [...OUTSIDE_PATTERNS],
          ...built,
        },
      },
      { test: { name: 'outside', include: [...OUTSIDE_PATTERNS], ...built } },
    ],
  },
});
