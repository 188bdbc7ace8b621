import { expect, test } from 'vitest';
import { cohortAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, HOUR, planOf, REAL_PACE, timelineAround, workshopInput } from '../stage/workshop-input.ts';

test('a cohort that is ended from outside after the end is started again, until the removal begins', async () => {
  const again: string[] = [];
  const stage = await openStage({
    change: (fake) => ({
      startCohortAgain: async (request) => {
        again.push(request.workflowId);
        return fake.startCohortAgain(request);
      },
    }),
  });
  const start = (await stage.clock.now()) + HOUR;
  const end = start + HOUR / 2;
  const timeline = { ...timelineAround(start), end, teardown: end + HOUR };
  const plan = planOf();
  const pace = { ...REAL_PACE, rollCallOnTheDay: HOUR / 12 };
  await stage.open(workshopInput({ plan, people: attendees(2), start, timeline, pace, queue: stage.queue }));
  await stage.sleepUntil(end + HOUR / 10);
  const cohort = cohortAddress(plan.id, 0);
  await stage.client.workflow.getHandle(cohort).terminate('a hand slipped');
  await stage.sleepUntil(end + HOUR / 2);
  expect(again).toEqual([cohort]);
  expect((await stage.item('roll-call')).evidence).toContain('1 cohort(s)');
});
