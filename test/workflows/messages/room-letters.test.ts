import { expect, test } from 'vitest';
import type { MessagePlan } from '../../../src/domain/plan/fields/messages.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, EVENT, HOUR, MINUTE, planOf, workshopInput } from '../stage/workshop-input.ts';

const byMail: MessagePlan = {
  language: 'en',
  mail: { host: 'smtp.corp.test', port: 587, security: 'starttls', from: 'ws@corp.test', perMinute: 60 },
  attendees: ['mail'],
  facilitators: [],
  admin: [],
};

test('the room is written to after Setup and before the end, by a channel or not at all', async () => {
  const open = async (messages?: MessagePlan) => {
    const stage = await openStage({ workspace: { autoTerminationMs: 12 * HOUR } });
    const start = (await stage.clock.now()) + HOUR;
    const plan = { ...planOf(), ...(messages ? { messages } : {}) };
    await stage.open(workshopInput({ plan, people: attendees(2), start, queue: stage.queue }));
    return { stage, start };
  };
  const { stage, start } = await open(byMail);
  await stage.sleepUntil(start + 34 * MINUTE);
  expect(stage.told.room).toEqual(['not-tried', 'ready', 'ready']);
  await stage.sleepUntil(start + 36 * MINUTE);
  expect(stage.told.room.slice(3)).toEqual(['not-connected']);
  const end = start + EVENT;
  await stage.update('extend', { by: 'Ann', end: end + HOUR, teardown: end + 2 * HOUR });
  await stage.sleepUntil(end - 5 * MINUTE);
  expect(stage.told.room.slice(3)).toEqual(['not-connected']);
  await stage.sleepUntil(end + 50 * MINUTE);
  expect(stage.told.room.slice(3)).toEqual(['not-connected', 'save-work']);
  await stage.report();

  // Some by no channel, one at another time.
  const letters = { ready: { by: [] }, 'not-connected': { by: [], after: 0 }, 'save-work': { before: 30 * MINUTE } };
  const choosy = await open({ ...byMail, letters });
  await choosy.stage.sleepUntil(choosy.start + EVENT - 31 * MINUTE);
  expect(choosy.stage.told.room).toEqual(['not-tried']);
  await choosy.stage.sleepUntil(choosy.start + EVENT - 29 * MINUTE);
  expect(choosy.stage.told.room).toEqual(['not-tried', 'save-work']);
  await choosy.stage.report();

  const silent = await open();
  await silent.stage.report();
  expect(silent.stage.told.room).toEqual([]);
});
