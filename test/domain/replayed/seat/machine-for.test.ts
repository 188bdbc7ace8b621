import { expect, test } from 'vitest';
import { launchRefused, machineFor, otherMachines } from '../../../../src/domain/replayed/seat/machine-for.ts';
import { examplePlan } from '../../plan/example-plan.ts';

const planWith = (...fallbackNodeTypes: string[]) => {
  const plan = examplePlan();
  return { ...plan, compute: { ...plan.compute, fallbackNodeTypes } };
};

test('in the pool first, then each other node type, then the planned one outside the pool', () => {
  const plan = planWith('B', 'C');
  const options = Array.from({ length: otherMachines(plan, 'pool-1') + 1 }, (_, i) => machineFor(i, plan, 'pool-1'));
  expect(options).toEqual([{ poolId: 'pool-1' }, { nodeType: 'B' }, { nodeType: 'C' }, {}]);
});

test('a plan without a pool has its node types', () => {
  const plan = planWith('B');
  const options = Array.from({ length: otherMachines(plan, undefined) + 1 }, (_, i) => machineFor(i, plan, undefined));
  expect(options).toEqual([{}, { nodeType: 'B' }]);
});

test('a launch that is refused because of the pool goes on outside it', () => {
  const refused = (cause: string) =>
    launchRefused({ class: 'INVALID_PARAMETER_VALUE', cause, toDo: 'x', remedy: 'person' }).remedy;
  expect(refused("Cluster validation error: Can't find an instance pool with id: p1.")).toBe('other-node-type');
  expect(refused('spark_version is not known')).toBe('person');
});
