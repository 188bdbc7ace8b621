import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTemporalServer, type TemporalServer } from '../../src/cli/rehearsal/embedded/temporal-server.ts';
import { queuesOf, workshopAddress } from '../../src/domain/replayed/made/addresses.ts';
import { eventually } from '../workflows/stage/eventually.ts';
import { scratchFolder } from '../scratch.ts';
import { workshop } from './run-cli.ts';

const ABOUT = { runId: 'r', workspace: 'http://127.0.0.1:1', workspaceId: '4242', timeZone: 'UTC', timeline: {} };
const closing: (() => Promise<unknown>)[] = [];
let server: TemporalServer;

beforeAll(async () => {
  // What it would say again and again is known.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  server = await startTemporalServer({
    ui: false,
    log: join(
      scratchFolder((clean) => closing.push(async () => clean())),
      'log',
    ),
  });
  closing.push(() => server.stop());
  const connection = await Connection.connect({ address: server.address });
  closing.push(() => connection.close());
  const native = await NativeConnection.connect({ address: server.address });
  closing.push(() => native.close());
  const taskQueue = queuesOf(ABOUT.workspace, ABOUT.workspaceId).workflows;
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./broken-workflow.ts', import.meta.url)),
  });
  const running = worker.run();
  closing.push(async () => {
    worker.shutdown();
    await running;
  });
  const { workflow } = new Client({ connection });
  const workflowId = workshopAddress('stuck');
  await workflow.start('workshop', { workflowId, taskQueue, memo: { about: ABOUT } });
  closing.push(() => workflow.getHandle(workflowId).terminate());
  await eventually(async () => {
    const { raw } = await workflow.getHandle(workflowId).describe();
    expect(raw.pendingWorkflowTask?.attempt ?? 0).toBeGreaterThanOrEqual(3);
  });
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

it.each([
  [['status', 'stuck']],
  [['status', 'stuck', '--watch']],
  [['status', 'stuck', '--json']],
  [['attendees', 'list', 'stuck']],
  [['attendees', 'add', 'stuck', 'ann@example.com']],
  [['sign-off', 'stuck', 'proxy']],
  [['waive', 'stuck', 'proxy', '--reason', 'tried']],
  [['retry', 'stuck', 'canary']],
  [['cancel', 'stuck', '--yes']],
])('%j says that the worker does not fit, and what to start', async (args) => {
  const { code, stdout, stderr } = await workshop(args, { TEMPORAL_ADDRESS: server.address });
  expect(stderr).toMatch(/^The worker's code cannot go on with "stuck".*nothing was asked of it.*Start a worker/m);
  expect(stderr).toContain('temporal workflow reset --workflow-id workshop/stuck --type FirstWorkflowTask');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect([code, stdout]).toEqual([3, '']);
});
