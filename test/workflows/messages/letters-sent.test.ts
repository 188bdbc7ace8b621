import { expect, test } from 'vitest';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, DAY, HOUR, planOf, workshopInput } from '../stage/workshop-input.ts';

const BY_MAIL = {
  language: 'en',
  mail: { host: 'smtp.corp.test', port: 587, security: 'starttls', from: 'ws@corp.test', perMinute: 60 },
  attendees: ['mail'],
  facilitators: [],
  admin: [],
} as const;

async function aWeekBefore() {
  const sent: (readonly string[] | undefined)[] = [];
  const stage = await openStage({
    change: () => ({
      sendWritten: async (_run, { plan }) => {
        sent.push(plan.messages?.attendees);
        return 2;
      },
    }),
  });
  const start = (await stage.clock.now()) + 8 * DAY;
  await stage.open(workshopInput({ plan: planOf(), people: attendees(2), start, queue: stage.queue }));
  await stage.sleepUntil(start - 7 * DAY + HOUR);
  return { stage, sent };
}

test('letters that no channel takes are overdue from the first moment on, until somebody has sent them', async () => {
  const { stage, sent } = await aWeekBefore();
  expect(await stage.item('letters')).toMatchObject({ state: 'passed' });
  const line = await stage.item('letters-sent');
  expect(line).toMatchObject({ state: 'unanswered', toDo: expect.stringContaining('names no channel') as unknown });
  expect(stage.told.notices.filter((name) => name.startsWith('letters-sent'))).toEqual(['letters-sent-asked']);
  await stage.update('signOff', { item: 'letters-sent', by: 'Ann', note: 'by Outlook' });
  expect(await stage.item('letters-sent')).toMatchObject({ state: 'signed off', by: 'Ann' });
  expect(sent).toEqual([]);
  await stage.update('cancel', { by: 'Ann', reason: 'enough' });
});

test('a plan that is amended to name a channel sends what lies there, once', async () => {
  const { stage, sent } = await aWeekBefore();
  const { recorded } = await stage.update<{ recorded: string }>('amend', { by: 'Ann', fields: { messages: BY_MAIL } });
  expect(recorded).toContain('tried again: letters');
  await stage.clock.sleep(HOUR);
  expect(sent).toEqual([['mail']]);
  expect(await stage.item('letters-sent')).toMatchObject({
    state: 'passed',
    evidence: 'the plan names a channel by now: 2 letters handed over to it',
  });
  const again = { ...BY_MAIL, language: 'de' as const };
  await stage.update('amend', { by: 'Ann', fields: { messages: again } });
  await stage.clock.sleep(HOUR);
  expect(sent).toHaveLength(1);
  await stage.update('cancel', { by: 'Ann', reason: 'enough' });
});
