import { join } from 'node:path';
import { temporal as proto } from '@temporalio/proto';
import { expect, it, onTestFinished } from 'vitest';
import { startWorkerProcess } from '../../../src/cli/rehearsal/embedded/worker-process.ts';
import { queuesOf } from '../../../src/domain/replayed/made/addresses.ts';
import { eventually } from '../../workflows/stage/eventually.ts';
import { RealStack } from '../../workflows/stage/real-stack.ts';
import { MAIN } from '../run-cli.ts';

const { TaskQueueType } = proto.api.enums.v1;

it('a worker of workflows only asks for their steps and for nothing else', async () => {
  const stack = await RealStack.start({ people: 1 });
  onTestFinished(() => stack.stop());
  const { sandbox, temporal, folder, env } = stack;
  const second = await startWorkerProcess({
    env: { ...env, DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: sandbox.adminToken },
    logFile: join(folder, 'second.log'),
    entry: [MAIN, 'worker', '--folder', folder, '--speed', '60', '--only', 'workflows'],
  });
  onTestFinished(() => second.stop());

  const pollersOf = async (name: string, taskQueueType: proto.api.enums.v1.TaskQueueType) => {
    const request = { namespace: env['TEMPORAL_NAMESPACE'] ?? '', taskQueue: { name }, taskQueueType };
    const { pollers } = await temporal.workflowService.describeTaskQueue(request);
    return new Set(pollers.map(({ identity }) => identity)).size;
  };
  const { workflows, ...others } = queuesOf(sandbox.url, sandbox.workspaceId);
  await eventually(async () => expect(await pollersOf(workflows, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)).toBe(2));
  for (const queue of Object.values(others))
    expect(await pollersOf(queue, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY), queue).toBe(1);
});
