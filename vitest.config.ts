import { defineConfig } from 'vitest/config';

/** Folders whose files start servers and workers. */
const SERVERS = ['test/workflows/**/*.test.ts', 'test/cli/*.test.ts', 'test/cli/with-servers/*.test.ts'];

/** Five workshops at a time, each with a Temporal server and a worker of its own: nothing else runs beside them. */
const BAD_DAYS = 'test/workflows/scenarios/**/*.test.ts';

/** Clients that nobody here wrote, against the sandbox: `npm run conformance`. */
const CONFORMANCE = ['sandbox/conformance/**/*.test.ts'];

/**
 * The time-skipping test server now and then loses what it was asked, and whoever waits for it waits for ever. The
 * runner says which test needed a second try.
 */
const ONCE_MORE = 1;

/**
 * More at once, and servers do not start in time on two cores: what waits for them then waits for ever.
 */
const AT_ONCE = 2;

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: AT_ONCE,
    // A slow machine is no failure; a hung one still ends.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts', 'sandbox/test/**/*.test.ts'],
          exclude: SERVERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'conformance', include: CONFORMANCE, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: SERVERS,
          exclude: [BAD_DAYS],
          testTimeout: 600_000,
          retry: ONCE_MORE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'bad days', include: [BAD_DAYS], testTimeout: 600_000, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
