import { expect, test } from 'vitest';
import { byHand } from '../../../../src/domain/replayed/canary/by-hand.ts';
import { examplePlan } from '../../plan/example-plan.ts';

test('what a person types is short enough to be copied, and names what the cluster needs', () => {
  const about = { runId: 'r1', policyId: 'p1', poolId: 'pool1', why: 'there is no ssh' };
  const lines = byHand({ plan: examplePlan(), ...about });
  const create = lines.find((line) => line.startsWith('databricks clusters create')) ?? '';
  expect(create.length).toBeLessThan(1_500);
  expect(create).toContain('"WORKSHOP_MODEL":"databricks-claude-sonnet-4-6"');
  expect(create).not.toContain('WORKSHOP_CLAUDE_SETTINGS');
});
