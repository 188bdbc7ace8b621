import { expect, test } from 'vitest';
import { examplePlan } from '../../domain/plan/example-plan.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, DAY, HOUR, planOf, workshopInput } from '../stage/workshop-input.ts';

test('what is asked at one time is one message, so is each reminder, and what nobody answered', async () => {
  const told: { readonly name: string; readonly to: string; readonly subject: string; readonly text: string }[] = [];
  const stage = await openStage({
    change: () => ({
      notify: async (_run, { name, message }) => {
        told.push({ name, ...message, subject: message.subject.replace(/^\[[^\]]*\] /, '') });
        return 'folder';
      },
    }),
  });
  const { leadFacilitator, databricksAdmin } = examplePlan().contacts;
  const asked = () => told.filter(({ to, name }) => to === leadFacilitator.contact && /-(asked|reminder)-/.test(name));
  const late = () => told.filter(({ to }) => to === databricksAdmin.contact);
  const start = (await stage.clock.now()) + 15 * DAY;
  await stage.open(workshopInput({ plan: planOf(), people: attendees(1), start, queue: stage.queue }));

  await stage.sleepUntil(start - 14 * DAY + HOUR);
  expect(asked().map(({ subject }) => subject)).toEqual(['Please sign off: 3 lines of the checklist']);
  expect(asked()[0]?.text).toMatch(/sign-off \S+ serving-capacity[^]*sign-off \S+ apps-allowed[^]*sign-off \S+ proxy/);
  expect(late()).toEqual([]);

  for (const item of ['serving-capacity', 'apps-allowed'])
    await stage.update('signOff', { item, by: 'Ann', note: 'read' });
  await stage.sleepUntil(start - 12 * DAY + HOUR);
  // The same question on another day is another message: one of the same name would not be sent.
  const reminders = asked().slice(1);
  expect(reminders.map(({ subject }) => subject)).toEqual(Array(2).fill(expect.stringMatching(/^Still open: ssh/)));
  expect(new Set(asked().map(({ name }) => name)).size).toBe(3);

  await stage.sleepUntil(start - 5 * DAY);
  expect(late().map(({ subject }) => subject)).toEqual([expect.stringMatching(/^Nobody signed off: ssh/)]);
  const atOnce = asked().filter(({ text }) => text.includes('support-channel') && text.includes('proxy'));
  expect(atOnce.length).toBeGreaterThan(0);
  await stage.update('cancel', { by: 'Ann', reason: 'enough' });
});
