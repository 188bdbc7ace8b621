import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose files start servers and workers. */
const SERVERS = ['test/workflows/**/*.test.ts', 'test/cli/*.test.ts', 'test/cli/with-servers/*.test.ts'];

/** Three workshops at a time, each with a Temporal server and a worker of its own. */
const BAD_DAYS = 'test/workflows/scenarios/**/*.test.ts';

/** Clients that nobody here wrote, against the sandbox: `npm run conformance`. */
const CONFORMANCE = ['sandbox/conformance/**/*.test.ts'];

/**
 * The time-skipping test server now and then loses what it was asked, or refuses for good that an activity is cancelled
 * which has just ended (ACTIVITY_UNKNOWN), the more often the busier the computer; whoever waits for it waits for ever.
 * Tests on it, and no others, are tried again. The runner says which needed that.
 */
const SKIP_TIME = thatImport('time-skipping.ts');

/** Each of these waits for a workshop's own time, more than a minute. */
const REAL_TIME = thatImport('real-stack.ts');

function thatImport(part: string): string[] {
  return globSync('test/**/*.test.ts', { cwd: import.meta.dirname }).filter((file) =>
    readFileSync(`${import.meta.dirname}/${file}`, 'utf8').includes(`/${part}'`),
  );
}

/**
 * Most wait more than they compute, so that two cores carry four. More at once, and servers do not start in time: what
 * waits for them then waits for ever.
 */
const AT_ONCE = 4;

/** Minutes each: begun last, one of them would run alone at the end. */
const LONG = [
  'scenarios/scenarios',
  'cli/acceptance',
  'people/looks',
  'somebody-gets-a-cluster',
  'workflows/lifecycle',
  'workflows/chaos',
  'each-letter-once',
  'two-servers',
  'worker-restart',
].map((name) => `${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const among = LONG.findIndex((name) => moduleId.endsWith(name));
      if (among >= 0) return among;
      return REAL_TIME.some((file) => moduleId.endsWith(file)) ? LONG.length : Infinity;
    };
    const long = files.filter((file) => place(file) < Infinity).toSorted((a, b) => place(a) - place(b));
    return [...long, ...(await super.sort(files.filter((file) => place(file) === Infinity)))];
  }
}

/** Files that share processes: what they load, and the workflows' bundle, is made once, and nobody changes it. */
const SHARED = { isolate: false };

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: AT_ONCE,
    sequence: { sequencer: LongestFirst },
    execArgv: ['--require', `${import.meta.dirname}/src/cli/rehearsal/embedded/quick-workflow-threads.cjs`],
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
          ...SHARED,
        },
      },
      {
        extends: true,
        test: { name: 'conformance', include: CONFORMANCE },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: SERVERS,
          exclude: [BAD_DAYS, ...SKIP_TIME],
          testTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'skipped time',
          include: SKIP_TIME,
          testTimeout: 400_000,
          retry: 2,
          ...SHARED,
        },
      },
      {
        extends: true,
        test: { name: 'bad days', include: [BAD_DAYS], testTimeout: 600_000 },
      },
    ],
  },
});
