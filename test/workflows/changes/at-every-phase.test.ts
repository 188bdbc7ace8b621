import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import type { Heading } from '../../../src/domain/replayed/checklist/lines.ts';
import { openStage, type Stage } from '../stage/time-skipping.ts';
import { attendees, DAY, EVENT, HOUR, MINUTE, planOf, workshopInput } from '../stage/workshop-input.ts';

const LONG = EVENT;
/** Milliseconds after the start. */
const MOMENTS: readonly (readonly [after: number, heading: Heading])[] = [
  [-10 * DAY, 'two weeks before'],
  [-5 * DAY, 'one week before'],
  [-12 * HOUR, 'day before'],
  [-10 * MINUTE, 'day of'],
  [HOUR, 'during'],
  [LONG + 20 * MINUTE, 'after'],
];

/** What the workshop answers to a change: that it is recorded, or why not. */
const ask = (stage: Stage, name: string, input: unknown): Promise<string> =>
  stage.update<{ recorded: string }>(name, input).then(
    ({ recorded }) => recorded,
    (error: unknown) =>
      `refused: ${error instanceof WorkflowUpdateFailedError ? (error.cause?.message ?? '') : String(error)}`,
  );

test('at every phase each change is heard, and what is left of everybody agrees with it', async () => {
  const stage = await openStage({ workspace: { autoTerminationMs: 12 * HOUR } });
  const people = attendees(MOMENTS.length);
  const start = (await stage.clock.now()) + 11 * DAY;
  const end = start + LONG;
  await stage.open(workshopInput({ plan: planOf(), people, start, queue: stage.queue }));
  const answers: Record<string, Readonly<Record<string, string>>> = {};
  for (const [n, [after, heading]] of MOMENTS.entries()) {
    await stage.sleepUntil(start + after);
    expect((await stage.progress()).heading).toBe(heading);
    const email = people[n] ?? '';
    answers[heading] = {
      amend: await ask(stage, 'amend', { by: 'Ann', fields: { feedback: `https://forms.corp.test/${n}` } }),
      retry: await ask(stage, 'retry', { by: 'Ann' }),
      repair: await ask(stage, 'repair', { by: 'Ann', email: people.at(-1) }),
      pause: await ask(stage, 'pause', { by: 'Ann', reason: 'a fire drill' }),
      resume: await ask(stage, 'resume', { by: 'Ann' }),
      remove: await ask(stage, 'removeAttendees', { by: 'Ann', emails: [email] }),
      add: await ask(stage, 'addAttendees', { emails: [`late${n}@example.com`] }),
    };
  }
  const { after: afterTheEnd, ...before } = answers;
  for (const heard of Object.values(before))
    expect(heard).toEqual({
      amend: 'feedback: amended by Ann',
      retry: expect.stringContaining('0 lines that failed') as string,
      repair: expect.stringContaining('restart, now, for Ann') as string,
      pause: expect.stringContaining('paused by Ann') as string,
      resume: expect.stringContaining('what had to wait goes on now') as string,
      remove: '1 removed by Ann',
      add: '1 added by somebody',
    });
  expect(afterTheEnd).toEqual({
    amend: 'feedback: amended by Ann',
    retry: expect.stringContaining('0 lines that failed') as string,
    repair: 'refused: the workshop is over: clusters are removed',
    pause: 'refused: the workshop is over: its removal waits for nobody',
    resume: 'refused: it is not paused',
    remove: "refused: the workshop is over: everybody's cluster is removed anyway",
    add: 'refused: the workshop is over: nobody can be added any more',
  });
  // Until the first deletion an hour more can be had, and with it all the rest.
  const moved = await ask(stage, 'extend', { by: 'Ann', end: end + HOUR, teardown: end + 2 * HOUR });
  expect(moved).toMatch(/^the end was moved by Ann; the workshop goes on/);
  expect(await ask(stage, 'addAttendees', { emails: ['last@example.com'] })).toBe('1 added by somebody');

  await stage.sleepUntil(end + 50 * MINUTE);
  const there = (await stage.roster()).filter(({ takenOut }) => !takenOut);
  const late = MOMENTS.slice(0, -1).map((_, n) => `late${n}@example.com`);
  expect(there.map(({ email }) => email).toSorted()).toEqual(
    [people.at(-1) ?? '', ...late, 'last@example.com'].toSorted(),
  );
  expect((await stage.progress()).attendees.byState).toEqual({ ready: there.length });
  const report = await stage.report();
  expect(report.attendees).toMatchObject({ total: there.length, failed: 0 });
  expect(report.amended).toHaveLength(MOMENTS.length);
  expect(stage.workspace.all(await stage.clock.now())).toEqual([]);
});
