import { expect, test } from 'vitest';
import { reportOf } from '../../../src/domain/papers/report.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { checklistFor } from '../../../src/domain/replayed/checklist/item.ts';
import { newLifecycleState } from '../../../src/domain/replayed/checklist/lifecycle-state.ts';
import type { TeardownReport } from '../../../src/domain/replayed/ending/teardown-report.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { examplePlan } from '../plan/example-plan.ts';

const plan = examplePlan();
const timeline = timelineOf(plan);
const DONE: TeardownReport = {
  seq: 9,
  stage: 'done',
  clustersDeleted: 2,
  clustersSeen: 2,
  clustersLeft: 0,
  poolsDeleted: 1,
  poolKept: false,
  upMs: 0,
  proof: { first: '2027-03-16T13:10:00.000Z', second: '2027-03-16T13:12:00.000Z', clusters: 0, pools: 0 },
};

function removedIn(teardown: TeardownReport) {
  const seats: Seat[] = (['released', 'ready'] as const).map((state, n) => ({
    ...newSeat(`p${n}`, `p${n}@example.com`, 'attendee', 1),
    state,
    readyAt: timeline.start - 60_000,
  }));
  const state = { ...newLifecycleState(checklistFor(plan), [], []), teardown };
  const { attendees, missing } = reportOf({
    plan,
    timeline,
    run: { runId: 'r' },
    seats,
    state,
    estimate: 0,
    actual: 0,
  });
  return { removed: attendees.removed, missing };
}

test('nobody counts as removed before the removal is proven', () => {
  expect(removedIn({ ...DONE, clustersLeft: 1 }).removed).toBe(0);
  expect(removedIn({ ...DONE, stage: 'proving' }).removed).toBe(0);
});

test('nor where another server works with the workspace, and nothing was removed', () => {
  const proof = { first: null, second: null, clusters: 0, pools: 0 };
  expect(removedIn({ ...DONE, left: 'another server works with it', proof }).removed).toBe(0);
});

test('whose workflow had to be ended counts too, and that it was is said', () => {
  const { removed, missing } = removedIn({ ...DONE, ended: 1 });
  expect(removed).toBe(2);
  expect(missing).toEqual([expect.stringMatching(/^1 workflow of people or cohorts did not close in time/)]);
});
