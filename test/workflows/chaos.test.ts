import { expect, test } from 'vitest';
import { drawDay } from '../../chaos/day.ts';
import { runDay } from '../../chaos/run-day.ts';
import { scratchFolder } from '../scratch.ts';

// A handful of what `npm run chaos` runs by the hundred: two days at a time, they wait more than they compute.
const SEEDS = ['b/2', 'b/5', 'b/8', 'b/9'];

test.concurrent.for([0, 1])('nobody is lost and nothing is left, whatever happened (%i)', async (n, context) => {
  for (const seed of SEEDS.filter((_, place) => place % 2 === n)) {
    const folder = scratchFolder(context.onTestFinished);
    const { violations, said } = await runDay(drawDay(seed), folder);
    expect(violations, `npm run chaos -- --runs 1 --exact --seed ${seed}\n${said.join('\n')}`).toEqual([]);
  }
});
