import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { expect, onTestFinished, test } from 'vitest';
import { fairShare } from '../../../src/domain/replayed/made/addresses.ts';
import { openSmallServer } from '../room/small-server.ts';
import { eventually } from '../stage/eventually.ts';
import type { crowd, family } from './many-at-once.ts';

/** More than the server holds ready to be dealt: those go first, whoever comes. */
const BIG = 1_600;
const SMALL = 10;
const A_SECOND = 50;

test('a workshop that begins beside a big one has its turns, in whatever it starts', async () => {
  const server = await openSmallServer();
  onTestFinished(server.close);
  const turns: string[] = [];
  const share = async () => Context.current().info.priority?.fairnessKey ?? 'none';
  await server.work({
    taskQueue: 'turns',
    activities: { share, turn: async () => void turns.push(await share()) },
    maxTaskQueueActivitiesPerSecond: A_SECOND,
  });
  const taskQueue = 'workflows';
  await server.work({ taskQueue, workflowsPath: fileURLToPath(new URL('./many-at-once.ts', import.meta.url)) });
  const { workflow } = server.temporal;

  const inherited = await workflow.execute<typeof family>('family', {
    workflowId: 'family',
    taskQueue,
    ...fairShare('own'),
  });
  expect(inherited).toEqual(['own', 'own', 'own', 'own']);

  const begin = (workshopId: string, count: number) =>
    workflow.start<typeof crowd>('crowd', {
      workflowId: workshopId,
      taskQueue,
      args: [count],
      ...fairShare(workshopId),
    });
  const big = await begin('big', BIG);
  await eventually(() => expect(turns).toContain('big'));
  const small = await begin('small', SMALL);
  await small.result();
  await big.terminate('enough was seen');
  expect(turns.filter((whose) => whose === 'small')).toHaveLength(SMALL);
  // First come, first served, all of the big one's would have gone before.
  expect(turns.lastIndexOf('small')).toBeLessThan(BIG / 2);
});
