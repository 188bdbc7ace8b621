import { expect, test } from 'vitest';
import { poolWaits, poolWaitsText } from '../../../../src/domain/replayed/made/pool-waits.ts';
import { examplePlan } from '../../plan/example-plan.ts';

test('what may wait in a pool is said with its price and the command that ends it', () => {
  const plan = examplePlan();
  const request = { plan, runId: 'run-1', people: 140 };
  const of = (trial: boolean) => poolWaits('pool-1', request, { machines: 140, trial, now: 0, price: plan.prices });
  const text = poolWaitsText(of(false), 140 * 60_000);
  expect(text).toContain('Last known, 2 h 20 min ago: the pool was asked to keep 140 machines waiting');
  expect(text).toContain('for about 35.00 USD an hour, and without a worker nobody lets them go.');
  const json = /databricks instance-pools edit --json '(.*)'$/.exec(text)?.[1] ?? '';
  expect(JSON.parse(json)).toMatchObject({
    instance_pool_id: 'pool-1',
    node_type_id: plan.compute.nodeType,
    min_idle_instances: 0,
    idle_instance_autotermination_minutes: 0,
    custom_tags: expect.anything(),
  });
  expect(poolWaitsText(of(true), 60_000)).toContain('Those of a trial go by themselves after 20 minutes');
});
