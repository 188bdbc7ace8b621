import { expect, test } from 'vitest';
import { planDifference } from '../../../src/domain/plan/plan-difference.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { examplePlan } from './example-plan.ts';

const inForce = examplePlan();
const timeline = timelineOf(inForce);

test('a file that says the same differs in nothing', () => {
  expect(planDifference(inForce, timeline, examplePlan())).toEqual({ changes: [], fields: {}, refused: [] });
});

test('what may change is shown as it was and as it will be, and sent as what it is then', () => {
  const file = {
    ...inForce,
    contacts: { ...inForce.contacts, networkSupport: { name: 'Nia', contact: 'nia@example.com' } },
    compute: { ...inForce.compute, breaker: { failures: 5 }, fallbackNodeTypes: [] },
  };
  const { changes, fields, refused } = planDifference(inForce, timeline, file);
  expect(refused).toEqual([]);
  expect(fields).toEqual({
    'contacts.networkSupport': { name: 'Nia', contact: 'nia@example.com' },
    'compute.breaker': { failures: 5 },
    'compute.fallbackNodeTypes': [],
  });
  expect(changes).toContainEqual({ field: 'compute.breaker', before: 'nothing', after: 'failures 5' });
  expect(changes).toContainEqual(expect.objectContaining({ field: 'compute.fallbackNodeTypes', after: 'none' }));
  const back = planDifference(file, timeline, inForce);
  expect(back.fields).toMatchObject({ 'compute.breaker': null });
});

test('what cannot be amended is refused with what to use instead', () => {
  const file = {
    ...inForce,
    start: '2027-03-17T09:00',
    length: inForce.length * 2,
    workspace: 'https://other.azuredatabricks.net',
    testers: ['somebody@example.com'],
    attendeeGroup: 'others',
  };
  const { refused } = planDifference(inForce, timeline, file);
  const instead = (field: string) => refused.find((one) => one.field === field)?.instead;
  expect(instead('start')).toContain(`bin/workshop reschedule ${inForce.id}`);
  expect(instead('length')).toContain(`bin/workshop extend ${inForce.id}`);
  expect(instead('workspace')).toContain('start a new one');
  expect(instead('testers')).toContain('attendees add');
  expect(instead('attendeeGroup')).toContain('start a new one');
});

test('a file that was kept up to date with a move of the start changes nothing', () => {
  const file = { ...inForce, start: '2027-03-17T09:00' };
  expect(planDifference(inForce, timelineOf(file), file).refused).toEqual([]);
  expect(planDifference(inForce, timelineOf(file), inForce).refused).toEqual([]);
});

test('no cluster may be left idle for longer than the policy that exists allows', () => {
  const file = { ...inForce, compute: { ...inForce.compute, autoTerminationMinutes: 600 } };
  expect(planDifference(inForce, timeline, file).refused).toEqual([
    { field: 'compute.autoTerminationMinutes', instead: expect.stringContaining('240 minutes at most') as unknown },
  ]);
});
