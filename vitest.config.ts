import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose files start servers and workers. */
const SERVERS = ['test/workflows/**/*.test.ts', 'test/cli/*.test.ts'];

/** Clients that nobody here wrote, against the sandbox: `npm run conformance`. */
const CONFORMANCE = ['sandbox/conformance/**/*.test.ts'];

/** Whole workshops wait much more than they compute: each core has one that computes while another waits. */
const AT_ONCE = 2 * availableParallelism();

/** Whole workshops first: they take longest, and the rest fills what they leave. */
class WholeFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isWhole = (file: TestSpecification) => Number(file.project.name === 'whole');
    return sorted.toSorted((a, b) => isWhole(b) - isWhole(a));
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: AT_ONCE,
    // A slow machine is no failure; a hung one still ends.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    sequence: { sequencer: WholeFirst },
    projects: [
      {
        extends: true,
        test: { name: 'parts', include: ['test/**/*.test.ts', 'sandbox/test/**/*.test.ts'], exclude: SERVERS },
      },
      { extends: true, test: { name: 'whole', include: SERVERS, testTimeout: 600_000 } },
      { extends: true, test: { name: 'conformance', include: CONFORMANCE } },
    ],
  },
});
