import { CancelledFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { Heard, HelpHeard } from '../../../src/domain/room/help.ts';
import type { Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { failureOf, openSetting, requestsTo, silentEnvironment } from '../setting.ts';

const LOGS = '/Volumes/main/default/workshop_logs';
const HELP = `${LOGS}/help`;
const LISTING = 'GET /api/2.0/fs/directories/*path';

const seatOf = (name: string, clusterId: string): Seat => ({
  ...newSeat(name, `${name}@example.com`, 'attendee', 1),
  cluster: { id: clusterId, name: 'c', state: 'RUNNING', shared: true, verified: true, launchedAt: 1, option: 0 },
});

/** A lifecycle on its day, with Ann's and Bo's clusters; a folder to write into. */
async function room({ heading = 'during', runId = 'run-of-this-test', status = 1, silent = false } = {}) {
  const lifecycle = { heading, runId, status, silent };
  let plan: Plan | undefined;
  const seats = [
    seatOf('ann', '1-ann'),
    seatOf('bo', '1-bo'),
    { ...seatOf('gone', '1-gone'), takenOut: { by: 'x', at: 1 } },
  ];
  const temporal = {
    options: { namespace: 'default' },
    workflowService: {
      describeWorkflowExecution: async () => ({ workflowExecutionInfo: { status: lifecycle.status } }),
    },
    workflow: {
      getHandle: () => ({
        query: async (name: string) => {
          if (name === 'planInForce') return { plan, runId: lifecycle.runId, cohorts: 1 };
          if (name === 'progress') return { heading: lifecycle.heading };
          if (lifecycle.silent) throw new Error('no worker');
          return seats;
        },
      }),
    },
  };
  const setting = await openSetting({ temporal: temporal as never });
  ({ plan } = setting);
  const { files, volumes } = setting.workspace;
  await volumes.create({ catalog_name: 'main', schema_name: 'default', name: 'workshop_logs', volume_type: 'MANAGED' });
  const write = (name: string, content: unknown) =>
    files.upload(`${HELP}/${name}`, Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), {
      overwrite: true,
    });
  return {
    ...setting,
    lifecycle,
    write,
    names: async () => {
      const found = [];
      for await (const { path } of files.list(HELP)) found.push(path.slice(HELP.length + 1));
      return found.toSorted();
    },
    hear: (taken: readonly string[] = [], limitMs = 0) =>
      setting.activities.hearHelp(setting.run, { taken, everyMs: 20, limitMs }),
  };
}

const help = (cluster: string, words = 'no token', checks: unknown = []) => ({ v: 1, at: 5, cluster, words, checks });
const asked = (heard: Heard): readonly HelpHeard[] => (heard.next === 'again' ? heard.asked : []);

it('hears who asks, each file once, and deletes what was taken', async () => {
  const { hear, write, names } = await room();
  expect(await hear()).toEqual({ next: 'again', asked: [], left: [], ignored: 0 });
  const checks = [{ id: 'token', state: 'failed', said: 'refused' }];
  await write('1-ann-1803456789012.json', help('1-ann', 'no token', checks));
  await write('1-ann-1803456789999.json', help('1-ann', 'still none'));
  await write('1-bo-1803456780000.json', help('1-bo', ''));
  const first = await hear();
  expect(asked(first)).toEqual([
    { key: 'bo', file: '1-bo-1803456780000.json', checks: [] },
    { key: 'ann', file: '1-ann-1803456789012.json', words: 'no token', checks },
  ]);
  const taken = asked(first).map(({ file }) => file);
  expect(await names()).toHaveLength(3);
  const second = await hear(taken);
  expect(asked(second).map(({ words }) => words)).toEqual(['still none']);
  expect(await names()).toEqual(['1-ann-1803456789999.json']);
  expect(asked(await hear(asked(second).map(({ file }) => file)))).toEqual([]);
  expect(await names()).toEqual([]);
});

it('waits, and hears somebody who asks meanwhile', async () => {
  const { hear, write } = await room();
  const hearing = hear([], 3_600_000);
  await write('1-ann-1803456789012.json', help('1-ann'));
  expect(asked(await hearing)).toMatchObject([{ key: 'ann' }]);
});

it('passes over, and counts, what no help-me of a cluster here wrote', async () => {
  const { hear, write, names } = await room();
  await write('notes.txt', 'hello');
  await write('1-ann-1803456789012.json', 'no json');
  await write('1-bo-1803456789012.json', help('1-ann'));
  await write('1-bo-1803456789013.json', { ...help('1-bo'), checks: Array.from({ length: 21 }, () => ({})) });
  await write('1-gone-1803456789012.json', help('1-gone'));
  await write('9-stranger-1803456789012.json', help('9-stranger'));
  await write('1-bo-1803456789014.json', { ...help('1-bo'), words: 'x'.repeat(30_000) });
  const heard = await hear([], 400);
  expect(heard).toMatchObject({ next: 'again', asked: [], ignored: 7 });
  expect(await names()).toHaveLength(7);
});

it('takes only so much of what is long', async () => {
  const { hear, write } = await room();
  const long = { id: 'i'.repeat(100), state: 'ok', said: 's'.repeat(1_000) };
  await write('1-ann-1803456789012.json', help('1-ann', 'w'.repeat(2_000), [long]));
  expect(asked(await hear())).toEqual([
    {
      key: 'ann',
      file: '1-ann-1803456789012.json',
      words: 'w'.repeat(500),
      checks: [{ id: 'i'.repeat(40), state: 'ok', said: 's'.repeat(300) }],
    },
  ]);
});

it('keeps what may be of somebody whose cohort does not answer', async () => {
  const { hear, write, lifecycle } = await room({ silent: true });
  await write('1-ann-1803456789012.json', help('1-ann'));
  expect(await hear()).toEqual({ next: 'again', asked: [], left: [], ignored: 0 });
  lifecycle.silent = false;
  expect(asked(await hear())).toHaveLength(1);
});

it('says what could not be deleted, and does not read it again', async () => {
  const { hear, write, workspace } = await room();
  const file = '1-ann-1803456789012.json';
  await write(file, help('1-ann'));
  workspace.files.delete = async () => {
    throw new Error('no');
  };
  expect(await hear([file])).toEqual({ next: 'again', asked: [], left: [file], ignored: 0 });
});

it('is over with the workshop or for another run, and does not begin before the day', async () => {
  const { hear, lifecycle, sandbox } = await room({ heading: 'day before' });
  expect(await hear()).toEqual({ next: 'not yet' });
  expect(requestsTo(sandbox.books(), LISTING)).toBe(0);
  lifecycle.heading = 'day of';
  const hearing = hear([], 3_600_000);
  lifecycle.runId = 'another';
  expect(await hear()).toEqual({ next: 'over' });
  lifecycle.status = 2;
  expect(await hear()).toEqual({ next: 'over' });
  expect(await hearing).toEqual({ next: 'over' });
});

it('gives up at once when the worker closes or nobody wants it any more', async () => {
  const { hear, closing, activitiesIn, run } = await room();
  const environment = silentEnvironment();
  const unwanted = activitiesIn(environment).hearHelp(run, { taken: [], everyMs: 20, limitMs: 3_600_000 });
  environment.cancel();
  await expect(unwanted).rejects.toBeInstanceOf(CancelledFailure);
  const hearing = failureOf(hear([], 3_600_000));
  closing.abort();
  expect(await hearing).toMatchObject({ type: 'WORKER_STOPPING', nonRetryable: false });
});
