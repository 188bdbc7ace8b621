import { condition } from '@temporalio/workflow';
import { readRights } from '../workshop/hand-offs.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/** First: what the worker itself may do, and a seat for everybody on the roster. */
export async function first(w: Lifecycle): Promise<void> {
  await Promise.all([
    w.do('rights', () => readRights(w)),
    w.do('enrol', async () => {
      await condition(() => w.crowd.isEnrolled);
      return `${w.crowd.size} seats`;
    }),
  ]);
}
