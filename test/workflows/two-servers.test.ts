import { expect, onTestFinished, test } from 'vitest';
import { claimFile } from '../../src/domain/replayed/claim/claim.ts';
import { planFiles, workshop } from '../cli/run-cli.ts';
import { expectEndedWell } from './stage/ended-well.ts';
import { eventually } from './stage/eventually.ts';
import { RealStack } from './stage/real-stack.ts';

const PEOPLE = 8;
const ID = 'two-servers';
const LONG = 240_000;

const claimLine = async ({ client }: RealStack) =>
  (await client.progress(ID)).checklist.find(({ id }) => id === 'claim');

const credentials = ({ env, sandbox }: RealStack) => ({
  ...env,
  DATABRICKS_HOST: sandbox.url,
  DATABRICKS_TOKEN: sandbox.adminToken,
});

test('of two Temporal servers that start one workshop one goes on, and nobody touches what it makes', async () => {
  const a = await RealStack.start({ people: PEOPLE });
  onTestFinished(() => a.stop());
  const b = await RealStack.start({ people: PEOPLE, sandbox: a.sandbox });
  onTestFinished(() => b.stop());
  const { sandbox } = a;
  const alive = () =>
    sandbox
      .books()
      .clusters.filter((cluster) => cluster.alive)
      .map(({ id }) => id)
      .toSorted();

  // Before either has made anything.
  await Promise.all([a, b].map((stack) => stack.open({}, { id: ID }, { longerMs: LONG })));
  const [winner, loser] = await eventually(async () => {
    const lines = [await claimLine(a), await claimLine(b)];
    expect(lines.filter((line) => line?.state === 'failed')).toHaveLength(1);
    return lines[0] ? ([b, a] as const) : ([a, b] as const);
  }, LONG);
  const address = winner.env['TEMPORAL_ADDRESS'] ?? '';
  const { runId } = (await winner.client.progress(ID)).workshop;
  expect(await claimLine(loser)).toMatchObject({
    evidence: expect.stringMatching(
      new RegExp(`Another Temporal server runs this workshop: ${address} .*run ${runId}`),
    ),
    toDo: expect.stringContaining(`bin/workshop cancel ${ID}`),
  });
  // Answers what it asks.
  const ending = winner.report(ID);
  ending.catch(() => {});

  await eventually(async () => {
    expect(winner.seatClusters().size).toBe(PEOPLE);
    expect((await winner.client.progress(ID)).attendees.everReady).toBe(PEOPLE);
  }, LONG);
  const before = alive();
  expect(before).toHaveLength(PEOPLE);

  // The other one's end takes nothing away.
  await loser.client.cancel(ID, { by: 'a test', reason: 'it runs elsewhere' });
  const nothing = await loser.client.result(ID);
  expect(nothing.clusters).toEqual({ created: 0, deleted: 0, left: 0 });
  expect(nothing.pool).toEqual({ created: 0, deleted: 0 });

  // Nor does a start with --adopt, or a removal, which finds only what is its own: all say whose it is.
  const plan = planFiles([
    ['id: spring-apps', `id: ${ID}`],
    ['https://adb-1234567890123456.7.azuredatabricks.net', sandbox.url],
  ]);
  for (const args of [
    ['start', plan, '--adopt', '--yes'],
    ['start', plan, '--yes'],
    ['teardown', ID, '--execute', '--yes'],
  ]) {
    const { code, stderr } = await workshop(args, credentials(loser));
    expect(stderr).toContain(`Another Temporal server runs this workshop: ${address}`);
    // Its own reaper may be gone by then, and then there is nothing at all that this one could remove.
    if (args[0] === 'teardown') expect(stderr).toMatch(code === 1 ? /the rest goes/ : /Nothing was removed/);
    expect(args[0] === 'teardown' ? [1, 2] : [2]).toContain(code);
    expect(stderr).toContain(`run ${runId}`);
    expect(stderr).toContain('--even-if-running-elsewhere');
  }

  // Even where the command line did not ask: it stops, and its end leaves what the other one works with.
  await loser.open({}, { id: ID }, { adopt: { runId }, longerMs: LONG });
  await eventually(async () => expect((await claimLine(loser))?.state).toBe('failed'), LONG);
  expect((await claimLine(loser))?.toDo).toContain('It removes nothing');
  await loser.client.cancel(ID, { by: 'a test', reason: 'it runs elsewhere' });
  const left = await loser.client.result(ID);
  expect(left.checklist.find(({ id }) => id === 'teardown')?.evidence).toContain('Nothing was removed');
  expect(left.proof).toMatchObject({ first: null, second: null });
  expect(alive()).toEqual(before);
  expect((await winner.client.progress(ID)).attendees.byState).toEqual({ ready: PEOPLE });

  await winner.client.cancel(ID, { by: 'a test', reason: 'seen enough' });
  expectEndedWell(winner, await ending);
  const { pools, files } = sandbox.books();
  expect(pools).toHaveLength(1);
  expect(files.filter((path) => path.endsWith(claimFile(ID)))).toEqual([]);
});
