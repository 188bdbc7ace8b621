import { defineConfig } from 'vitest/config';

/** Folders whose files start servers and workers: one file at a time, or two cores time out. */
const SERVERS = ['test/workflows/**/*.test.ts', 'test/cli/*.test.ts'];

/** Clients that nobody here wrote, against the sandbox: `npm run conformance`. */
const CONFORMANCE = ['sandbox/conformance/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // A slow machine is no failure; a hung one still ends.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts', 'sandbox/test/**/*.test.ts'],
          exclude: SERVERS,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: SERVERS,
          testTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: CONFORMANCE,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
