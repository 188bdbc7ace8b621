import { expect, test } from 'vitest';
import { queuesOf } from '../../src/domain/replayed/made/addresses.ts';
import { paceAt } from '../../src/domain/replayed/time/pace.ts';
import { reaperInput } from '../../src/temporal/reaper-schedule.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import { examplePlan } from '../domain/plan/example-plan.ts';

const timeline = { twoWeeksBefore: 1, oneWeekBefore: 2, dayBefore: 3, dayOf: 4, start: 5, end: 6, teardown: 7 };
const about = {
  run: { workshopId: 'w', runId: 'r', workspaceId: '1' },
  pace: paceAt(1),
  queues: queuesOf('https://adb-1.1.azuredatabricks.net', '1'),
  timeline,
};

test('the reaper tells by the channels of the plan, and knows since when apps are the workshop’s', () => {
  const messages: Plan['messages'] = {
    language: 'en',
    mail: { host: 'smtp.corp.test', port: 587, security: 'starttls', from: 'ws@corp.test', perMinute: 60 },
    attendees: ['mail'],
    facilitators: ['mail'],
    admin: ['mail'],
  };
  const { plan, teardownAt, appsSince } = reaperInput({ ...about, plan: { ...examplePlan(), messages } });
  expect(plan.messages).toEqual(messages);
  expect(plan.apps?.afterwards).toBe('stop');
  expect([teardownAt, appsSince]).toEqual([7, 4]);
});

test('where nobody makes apps, none is the workshop’s', () => {
  const plan = examplePlan(['\n  way: local', '\n  way: none']);
  expect(reaperInput({ ...about, plan }).appsSince).toBeUndefined();
});
