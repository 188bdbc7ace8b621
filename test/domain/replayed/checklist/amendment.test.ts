import { expect, test } from 'vitest';
import {
  AMENDABLE_FIELDS,
  amendedPlan,
  amendmentOf,
  askedOtherwise,
  fieldOf,
  planTakenOver,
  triedAgain,
  withAmendment,
} from '../../../../src/domain/replayed/checklist/amendment.ts';
import { Checklist } from '../../../../src/domain/replayed/checklist/checklist.ts';
import { checklistFor } from '../../../../src/domain/replayed/checklist/item.ts';
import { amendInput } from '../../../../src/domain/replayed/checklist/requests.ts';
import { knownFields } from '../../../../src/domain/plan/known-fields.ts';
import { planSchema } from '../../../../src/domain/plan/plan.ts';
import { examplePlan } from '../../plan/example-plan.ts';

const plan = examplePlan();
const LIMITS = { inputTokensPerMinute: 1, outputTokensPerMinute: 2, queriesPerHour: 3 };

test('every field that may change is a field of plans', () => {
  const known = knownFields(planSchema);
  for (const field of AMENDABLE_FIELDS) expect(known).toContain(field);
});

test('an amended plan says the new word, and nothing where the word was taken back', () => {
  const amended = amendedPlan(plan, { 'prices.perDbu': 2, 'compute.breaker': { failures: 7 } });
  expect(amended).toEqual({
    ...plan,
    prices: { ...plan.prices, perDbu: 2 },
    compute: { ...plan.compute, breaker: { failures: 7 } },
  });
  expect(amendedPlan(amended, { 'compute.breaker': null }).compute).not.toHaveProperty('breaker');
  expect(amendedPlan(plan, undefined)).toBe(plan);
});

test('a request is refused that names another field, none, or a word of another kind', () => {
  const isRead = (fields: unknown) => amendInput.safeParse({ fields }).success;
  expect(isRead({ 'serving.limits': null, title: 'Spring' })).toBe(true);
  expect(isRead({ start: '2027-03-16T09:00' })).toBe(false);
  expect(isRead({})).toBe(false);
  expect(isRead({ 'prices.perDbu': 'much' })).toBe(false);
  for (const field of AMENDABLE_FIELDS)
    expect([field, isRead({ [field]: fieldOf(plan, field) ?? null })]).toEqual([field, true]);
});

test('who amended what is kept in order, and not without end', () => {
  let amended = withAmendment(undefined, { by: 'Ann', fields: { title: 'One' } }, 1);
  for (let at = 2; at <= 60; at += 1) amended = withAmendment(amended, { by: 'Ben', fields: { title: 'Two' } }, at);
  expect(amended.fields).toEqual({ title: 'Two' });
  expect(amended.log).toHaveLength(50);
  expect(amended.log.at(-1)).toEqual({ by: 'Ben', at: 60, fields: ['title'] });
});

test('what was tried with the old word is tried again; what a person said stays, and the day is not held up', () => {
  const checklist = new Checklist(checklistFor(plan));
  for (const id of ['endpoint', 'canary', 'access', 'apps'] as const) checklist.pass(id, 'well', 1);
  const again = (fields: object, heading: 'one week before' | 'day of') => triedAgain(checklist.items, fields, heading);
  expect(again({ 'serving.model': 'other' }, 'one week before').toSorted()).toEqual(['access', 'endpoint']);
  expect(again({ 'compute.sparkVersion': '18.x' }, 'one week before')).toEqual(['canary']);
  expect(again({ 'compute.sparkVersion': '18.x' }, 'day of')).toEqual([]);
  expect(again({ title: 'Other' }, 'one week before')).toEqual([]);
  expect(again({ apps: { ...plan.apps, way: 'team' } }, 'one week before')).toEqual(['apps']);
  checklist.waive('endpoint', 'the other team looks', 2, 'Ann');
  expect(again({ 'serving.model': 'other' }, 'one week before')).toEqual(['access']);
});

test('limits that the plan gives by now are compared with the demand, and no longer asked of a person', () => {
  const { limits: _, ...unknown } = plan.serving;
  const items = checklistFor({ ...plan, serving: unknown });
  expect(askedOtherwise(items, amendedPlan(plan, { 'serving.limits': LIMITS }))?.kind).toBe('check');
  const checklist = new Checklist(items);
  checklist.answer('serving-capacity', { yes: true, by: 'Ann' }, 1);
  expect(askedOtherwise(checklist.items, amendedPlan(plan, { 'serving.limits': LIMITS }))).toBeUndefined();
});

test('of a run that is taken over the amended word stays, unless the file says another by now', () => {
  const amended = { title: 'Amended', 'prices.perDbu': 2 };
  const file = { ...plan, title: 'Written later' };
  const inForce = planTakenOver(plan, file, amended);
  expect(inForce.title).toBe('Written later');
  expect(inForce.prices.perDbu).toBe(2);
  expect(amendmentOf(plan, inForce, amended)).toEqual({ title: 'Written later', 'prices.perDbu': 2 });
});

test("Claude Code's settings may change, also of a plan that had none, and their lines are tried again", () => {
  const fields = { 'claudeCode.maxOutputTokens': 8_000, 'claudeCode.headers': { 'x-team': 'spring' } };
  expect(amendInput.safeParse({ fields }).success).toBe(true);
  expect(amendInput.safeParse({ fields: { 'claudeCode.gateway': 'elsewhere' } }).success).toBe(false);
  const { claudeCode: _, ...before } = plan;
  expect(amendedPlan(before as typeof plan, fields).claudeCode).toEqual({
    maxOutputTokens: 8_000,
    headers: { 'x-team': 'spring' },
  });
  const done = checklistFor(plan).map((item) => ({ ...item, state: 'passed' as const, kind: 'check' as const }));
  expect(triedAgain(done, fields, 'one week before')).toEqual(['serving-capacity', 'canary']);
  expect(triedAgain(done, { 'claudeCode.smallModel': 'little' }, 'day of')).toEqual([
    'endpoint',
    'access',
    'endpoint-responsive',
  ]);
});
