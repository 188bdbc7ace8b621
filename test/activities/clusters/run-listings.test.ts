import { expect, test } from 'vitest';
import { RunListings } from '../../../src/activities/clusters/run-listings.ts';
import type { JobRun, Workspace } from '../../../src/databricks/workspace.ts';

const MANY = 100;

/** A workspace with runs 1 to 100, the newest first; notes since when it was asked, and how many it has shown. */
function workspace() {
  const asked: number[] = [];
  let shown = 0;
  const jobs = {
    async *listRuns(since: number) {
      asked.push(since);
      for (let run_id = MANY; run_id > 0; run_id -= 1) {
        shown += 1;
        yield { run_id, tasks: [], state: undefined } as unknown as JobRun;
      }
    },
  } as unknown as Workspace['jobs'];
  return { jobs, asked, shown: () => shown };
}

test('a listing of runs ends with the oldest that somebody waits for', async () => {
  const { jobs, asked, shown } = workspace();
  const listings = new RunListings({ jobs }, 0);
  const find = (runId: number, since: number) =>
    listings.while({ runId, since }, async (look) => (await look())?.run_id);
  expect(await Promise.all([find(MANY - 3, 7), find(MANY, 9)])).toEqual([MANY - 3, MANY]);
  expect(asked).toEqual([7]);
  expect(shown()).toBe(4);
});

test('one that is not in it is looked for to the end, and nobody else waits for that', async () => {
  const { jobs, shown } = workspace();
  const listings = new RunListings({ jobs }, 0);
  expect(await listings.while({ runId: MANY + 1, since: 0 }, (look) => look())).toBeUndefined();
  expect(shown()).toBe(MANY);
  expect(await listings.while({ runId: MANY, since: 0 }, (look) => look())).toMatchObject({ run_id: MANY });
  expect(shown()).toBe(MANY + 1);
});
