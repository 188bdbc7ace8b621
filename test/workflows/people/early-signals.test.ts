import { expect, test } from 'vitest';
import { attendeeAddress, cohortAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import type { AttendeeInput } from '../../../src/workflows/attendee/seat-reconciler.ts';
import type { CohortInput } from '../../../src/workflows/cohort/begun-with.ts';
import type { Setting } from '../../../src/workflows/shared/setting.ts';
import { eventually } from '../stage/eventually.ts';
import { openStage, type Stage } from '../stage/time-skipping.ts';
import { attendees, HOUR, planOf, workshopInput } from '../stage/workshop-input.ts';

// A run that takes over finds signals waiting: they reach it in its very first task, before it has done anything.

const NOTHING_YET = {
  target: 'enrolled',
  wake: false,
  testersOnly: false,
  infrastructure: { mayCreate: false, held: false },
} as const;
const LAUNCHED: Partial<Seat> = {
  state: 'creating',
  cluster: {
    id: 'c1',
    name: 'cluster of ann',
    state: 'PENDING',
    shared: false,
    verified: false,
    launchedAt: 0,
    option: 0,
  },
};

async function setting(): Promise<{ stage: Stage; common: Setting & { readonly v: 1 } }> {
  const stage = await openStage();
  const { run, plan, timeline, pace, queues } = workshopInput({
    plan: planOf(),
    people: attendees(1),
    start: (await stage.clock.now()) + 24 * HOUR,
    queue: stage.queue,
  });
  return { stage, common: { v: 1, run, plan, timeline, pace, queues } };
}

const cohortOf = (common: Setting & { readonly v: 1 }): CohortInput => ({
  ...common,
  n: 0,
  newcomers: [],
  wanted: NOTHING_YET,
  testersWanted: NOTHING_YET,
});

test('a cohort takes what its seats reported before it began', async () => {
  const { stage, common } = await setting();
  const { plan } = common;
  const seat = newSeat('ann', 'ann@example.com', 'attendee', 1);
  const taken = { ...cohortOf(common), places: [{ seat, seq: 0, started: true, closed: false }] };
  const cohort = await stage.client.workflow.signalWithStart('cohort', {
    workflowId: cohortAddress(plan.id, 0),
    taskQueue: stage.queue,
    args: [taken],
    signal: 'seatReport',
    signalArgs: [{ key: 'ann', seq: 1, seat: { ...seat, ...LAUNCHED }, closed: false }],
  });
  await eventually(async () => expect((await cohort.query<Seat[]>('roster'))[0]).toMatchObject(LAUNCHED), 20_000);
});

test('a cohort knows everybody from its first moment on: one that is ended then can be started again', async () => {
  const { stage, common } = await setting();
  const { plan } = common;
  // More than it begins with at once.
  const newcomers = attendees(60).map((email) => ({ key: email, email, role: 'attendee' as const, generation: 1 }));
  const begun = { ...cohortOf(common), newcomers };
  const cohort = await stage.client.workflow.start('cohort', {
    workflowId: cohortAddress(plan.id, 0),
    taskQueue: stage.queue,
    args: [begun],
  });
  expect(await cohort.query<Seat[]>('roster')).toHaveLength(newcomers.length);
});

test('a seat takes what was seen of its cluster before it began', async () => {
  const { stage, common } = await setting();
  const { plan } = common;
  const seat: Seat = { ...newSeat('ann', 'ann@example.com', 'attendee', 1), ...LAUNCHED, target: 'enrolled' };
  const taken: AttendeeInput = {
    ...common,
    cohort: 'nobody',
    seat,
    infrastructure: NOTHING_YET.infrastructure,
    seq: 0,
  };
  const attendee = await stage.client.workflow.signalWithStart('attendee', {
    workflowId: attendeeAddress(plan.id, 'ann'),
    taskQueue: stage.queue,
    args: [taken],
    signal: 'clusterNews',
    signalArgs: [
      {
        clusterId: 'c1',
        state: 'TERMINATED',
        terminationCode: 'AZURE_QUOTA_EXCEEDED_EXCEPTION',
        terminationType: 'CLOUD_FAILURE',
      },
    ],
  });
  await attendee.signal('release');
  expect(await attendee.result()).toBeUndefined();
});
