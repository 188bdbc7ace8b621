import { expect, test } from 'vitest';
import type { Absent } from '../../../src/domain/replayed/seat/absent.ts';
import { attendeeAddress, cohortAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { whatToSay } from '../../../src/domain/replayed/diagnosis/what-to-say.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, HOUR, MINUTE, planOf, REAL_PACE, workshopInput } from '../stage/workshop-input.ts';

test('a workflow that does not go on is said with who it is about, until it goes on', async () => {
  let stuck: string[] = [];
  const stage = await openStage({
    workspace: { autoTerminationMs: 12 * HOUR },
    change: (fake) => ({
      rollCall: async ({ workflowIds }) => [
        ...(await fake.rollCall({ workflowIds })),
        ...workflowIds.filter((id) => stuck.includes(id)).map((workflowId): Absent => ({ workflowId, how: 'stuck' })),
      ],
    }),
  });
  const plan = planOf();
  const start = (await stage.clock.now()) + 30 * HOUR;
  const pace = { ...REAL_PACE, rollCall: HOUR };
  await stage.open(workshopInput({ plan, people: attendees(2), start, pace, queue: stage.queue }));
  await stage.sleepUntil(start - 27 * HOUR);
  const [ann] = await stage.roster();
  if (!ann) throw new Error('nobody has a seat');

  stuck = [attendeeAddress(plan.id, ann.key)];
  await stage.soon(async () => {
    expect(await stage.item('roll-call')).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining("One person's workflow is stuck"),
      toDo: expect.stringContaining('temporal workflow terminate'),
    });
  });
  const seat = (await stage.roster()).find(({ key }) => key === ann.key);
  expect(seat && whatToSay(seat)[0]?.cause).toContain('Nothing is done for this person');

  // Whatever it reports next shows that it goes on.
  stuck = [];
  await stage.sleepUntil(start - 10 * MINUTE);
  await stage.soon(async () => {
    expect(await stage.item('roll-call')).toMatchObject({ state: 'passed' });
  });
  expect((await stage.roster()).filter((one) => one.stuck)).toEqual([]);

  stuck = [cohortAddress(plan.id, 0)];
  await stage.soon(async () => {
    expect(await stage.item('roll-call')).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining('is stuck with 2 people'),
    });
  });
});
