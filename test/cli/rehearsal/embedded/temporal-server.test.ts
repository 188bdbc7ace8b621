import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { expect, it, onTestFinished } from 'vitest';
import { startTemporalServer } from '../../../../src/cli/rehearsal/embedded/temporal-server.ts';
import { isAlive, scratchFolder, script } from '../../../scratch.ts';

it('serves clients and its pages, knows the search attributes, and goes on with its file after a restart', async () => {
  const folder = scratchFolder();
  const options = {
    ui: true,
    dbFile: join(folder, 'temporal.db'),
    searchAttributes: { WorkshopTest: 'Keyword', WorkshopTestEnd: 'Datetime' },
    log: join(folder, 'logs', 'temporal.log'),
  };
  const first = await startTemporalServer(options);
  onTestFinished(() => first.stop());
  expect((await fetch(first.uiUrl ?? '')).status).toBe(200);
  const connection = await Connection.connect({ address: first.address });
  try {
    const { namespace } = first;
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(['WorkshopTest', 'WorkshopTestEnd']));
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 60 * 60);
    await connection.workflowService.startWorkflowExecution({
      namespace,
      workflowId: 'kept',
      requestId: 'kept',
      workflowType: { name: 'nobody' },
      taskQueue: { name: 'nobody' },
    });
  } finally {
    await connection.close();
  }
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);

  const second = await startTemporalServer({ ...options, ui: false });
  onTestFinished(() => second.stop());
  expect(second.uiUrl).toBeUndefined();
  const again = await Connection.connect({ address: second.address });
  try {
    const { workflowExecutionInfo } = await again.workflowService.describeWorkflowExecution({
      namespace: second.namespace,
      execution: { workflowId: 'kept' },
    });
    expect(workflowExecutionInfo?.type?.name).toBe('nobody');
  } finally {
    await again.close();
  }
});

it('shows the end of the log when the server does not come up', async () => {
  const folder = scratchFolder();
  const binary = script(join(folder, 'temporal'), 'echo "the database is on fire" >&2; exit 4');
  const log = join(folder, 'temporal.log');
  await expect(startTemporalServer({ ui: false, log, binary })).rejects.toThrow(
    /exit code 4[\s\S]*the database is on fire/,
  );
  expect(existsSync(log)).toBe(true);
});

it('deals queues by workshop, but for a database that was begun without', async () => {
  const folder = scratchFolder();
  const said = join(folder, 'said');
  const binary = script(join(folder, 'temporal'), `echo "$@" > ${said}; exit 4`);
  const isFair = async (dbFile?: string) => {
    const options = { ui: false, log: join(folder, 'log'), binary, ...(dbFile === undefined ? {} : { dbFile }) };
    await startTemporalServer(options).catch(() => undefined);
    return readFileSync(said, 'utf8').includes('matching.enableFairness=true');
  };
  const [old, fresh] = [join(folder, 'old.db'), join(folder, 'fresh.db')];
  writeFileSync(old, '');
  expect([await isFair(), await isFair(old), await isFair(fresh)]).toEqual([true, false, true]);
  writeFileSync(fresh, '');
  expect(await isFair(fresh)).toBe(true);
});
