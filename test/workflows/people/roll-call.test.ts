import { expect, test } from 'vitest';
import { attendeeAddress, cohortAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { expectEndedWell } from '../stage/ended-well.ts';
import { eventually } from '../stage/eventually.ts';
import { RealStack } from '../stage/real-stack.ts';

const PEOPLE = 6;
const LONG = 240_000;
/** Milliseconds between roll calls: often enough for every moment of a workshop that lasts a minute. */
const OFTEN = { rollCall: 4_000, rollCallOnTheDay: 3_000 };

async function openWorkshop(onTestFinished: (stop: () => Promise<void>) => void) {
  const stack = await RealStack.start({ people: PEOPLE });
  onTestFinished(() => stack.stop());
  const id = await stack.open(OFTEN);
  const ending = stack.report(id);
  // It is waited for below; a failure before must not go unhandled meanwhile.
  ending.catch(() => {});
  const seats = await eventually(async () => {
    const roster = await stack.client.roster(id);
    expect(roster).toHaveLength(PEOPLE);
    return roster;
  }, LONG);
  const handle = (workflowId: string) => stack.temporal.workflow.getHandle(workflowId);
  const runs = async (workflowId: string) => (await handle(workflowId).describe()).status.name === 'RUNNING';
  const rollCallLine = async () =>
    (await stack.client.progress(id)).checklist.find((item) => item.id === 'roll-call')?.evidence ?? 'no such line';
  const address = (n: number) => attendeeAddress(id, seats[n]?.key ?? '');
  return { stack, id, ending, handle, runs, rollCallLine, address };
}

test.concurrent('workflows that are ended by hand before the day are started again', async ({ onTestFinished }) => {
  const { stack, id, ending, handle, runs, rollCallLine, address } = await openWorkshop(onTestFinished);
  await handle(address(0)).terminate('a hand slipped');
  await handle(address(1)).cancel();
  await eventually(async () => expect((await runs(address(0))) && (await runs(address(1)))).toBe(true), LONG);
  await eventually(async () => expect(await rollCallLine()).toContain('0 cohort(s), 2 attendee(s)'), LONG);

  // Whoever asks for somebody who is enrolled already has them looked for at once.
  await handle(address(2)).terminate('again');
  const { recorded } = await stack.client.addAttendees(id, { emails: stack.people.slice(0, 3), by: 'ann' });
  expect(recorded).toContain('3 were enrolled already');
  await eventually(async () => expect(await rollCallLine()).toContain('3 attendee(s)'), LONG);

  await handle(cohortAddress(id, 0)).terminate('another slipped');
  await eventually(async () => expect(await runs(cohortAddress(id, 0))).toBe(true), LONG);
  await eventually(async () => expect(await rollCallLine()).toContain('1 cohort(s), 3 attendee(s)'), LONG);
  const report = await ending;
  expectEndedWell(stack, report);
  expect(report.checklist.find((item) => item.id === 'roll-call')?.state).toBe('passed');
});

test.concurrent('and during the event, with clusters that stay whose they are', async ({ onTestFinished }) => {
  const { stack, id, ending, handle, runs, rollCallLine, address } = await openWorkshop(onTestFinished);
  await eventually(async () => expect((await stack.client.progress(id)).attendees.byState.ready).toBe(PEOPLE), LONG);
  await Promise.all([
    handle(cohortAddress(id, 0)).terminate('everything at once'),
    handle(address(2)).terminate('everything at once'),
  ]);
  await eventually(async () => expect(await runs(address(2))).toBe(true), LONG);
  await eventually(async () => expect(await rollCallLine()).toContain('1 cohort(s), 1 attendee(s)'), LONG);
  expectEndedWell(stack, await ending);
});
