import { expect, onTestFinished, test } from 'vitest';
import { workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { eventually } from '../stage/eventually.ts';
import { RealStack } from '../stage/real-stack.ts';

test('cancelled by Temporal while it provisions, a workshop removes everything and reports', async () => {
  const stack = await RealStack.start({ people: 6 });
  onTestFinished(() => stack.stop());
  const id = await stack.open();
  await eventually(() => expect(stack.seatClusters().size).toBeGreaterThan(0), 120_000);
  await stack.temporal.workflow.getHandle(workshopAddress(id)).cancel();
  const report = await stack.report(id);

  expect(report.workshop.outcome).toBe('cancelled');
  expect(report.clusters).toMatchObject({ left: 0 });
  expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
  const { clusters, pools } = stack.sandbox.books();
  expect(clusters.filter(({ alive }) => alive)).toEqual([]);
  expect(pools.filter(({ alive }) => alive)).toEqual([]);
  // A cluster that came up is counted as gone, too: what the report says is what the workspace's own books say.
  expect(report.clusters.created).toBe(clusters.length);
});
