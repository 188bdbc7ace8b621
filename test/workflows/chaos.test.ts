import { expect, test } from 'vitest';
import { drawDay, drawDayOfChanges } from '../../chaos/day.ts';
import { runDay } from '../../chaos/run-day.ts';
import { scratchFolder } from '../scratch.ts';

// A handful of what `npm run chaos` runs by the hundred. All at once: they wait more than they compute. Together they
// kill workers, Temporal and the sandbox, and end a lifecycle, a cohort and an attendee by hand.
test.concurrent.for(['b/2', 'b/9', 'd/21'])(
  'nobody is lost and nothing is left, whatever happened: %s',
  async (seed, context) => {
    const folder = scratchFolder(context.onTestFinished);
    const { violations, said } = await runDay(drawDay(seed), folder);
    expect(violations, `npm run chaos -- --runs 1 --exact --seed ${seed}\n${said.join('\n')}`).toEqual([]);
  },
);

test.concurrent('twenty changes leave roster, clusters and letters in agreement', async (context) => {
  const folder = scratchFolder(context.onTestFinished);
  const { violations, said } = await runDay(drawDayOfChanges('ch/3'), folder);
  expect(violations, `npm run chaos -- --changes --runs 1 --exact --seed ch/3\n${said.join('\n')}`).toEqual([]);
});
