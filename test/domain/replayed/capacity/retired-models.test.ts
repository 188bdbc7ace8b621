import { expect, test } from 'vitest';
import { examplePlan } from '../../plan/example-plan.ts';
import { retiredModel } from '../../../../src/domain/replayed/capacity/retired-models.ts';

const said = (model: string, end: string) =>
  retiredModel({ serving: { ...examplePlan().serving, model } }, Date.parse(end));

test('a model that is retired before the end is named with its day and another; no other is', () => {
  expect(said('databricks-claude-sonnet-4-5', '2026-12-08T12:00Z')).toMatch(
    /^Claude Sonnet 4\.5 .* on 2026-11-30, before the workshop is over.*404.*databricks-claude-sonnet-4-6\.$/,
  );
  expect(said('databricks-claude-sonnet-4-5', '2026-11-29T12:00Z')).toBeUndefined();
  expect(said('team-claude-opus-4-5-eu', '2027-01-22T08:00Z')).toMatch(/^Claude Opus 4\.5/);
  expect(said('databricks-claude-sonnet-4', '2026-01-01T12:00Z')).toMatch(/was retired by its maker, before/);
  for (const model of ['databricks-claude-sonnet-4-6', 'databricks-claude-opus-4-8', 'my-model'])
    expect(said(model, '2027-06-01T12:00Z')).toBeUndefined();
});

test('the example names a model of its day', () => {
  expect(retiredModel(examplePlan(), Date.parse(examplePlan().start))).toBeUndefined();
});
