import { expect, test } from 'vitest';
import type { JobOutcome } from '../../../src/activities/clusters/cluster-jobs.ts';
import { allWell, type FakeCluster } from '../stage/fake-workspace.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, HOUR, MINUTE, planOf, workshopInput } from '../stage/workshop-input.ts';

const NO_CLAUDE: JobOutcome = {
  ran: true,
  report: {
    check: { ok: false, checks: [{ id: 'claude', state: 'failed', said: 'claude: not found', next: 'see the log' }] },
    saved: { state: 'nothing', files: 0, bytes: 0, said: 'nothing' },
  },
};

test('a cluster is restarted where that helps, replaced where nothing else does, and its owner is told', async () => {
  const [ann = '', ben = ''] = attendees(2);
  let isBroken = false;
  const broken = new Set<string>();
  const stage = await openStage({
    workspace: {
      autoTerminationMs: 12 * HOUR,
      job: ({ id }: FakeCluster) => (isBroken && broken.has(id) ? NO_CLAUDE : allWell()),
    },
  });
  const start = (await stage.clock.now()) + 2 * HOUR;
  await stage.open(workshopInput({ plan: planOf(), people: [ann, ben], start, queue: stage.queue }));
  await stage.sleepUntil(start + 30 * MINUTE);
  const seatOf = async (email: string) => (await stage.roster()).find((seat) => seat.email === email);
  const annsCluster = (await seatOf(ann))?.cluster?.id ?? '';
  const bensCluster = (await seatOf(ben))?.cluster?.id ?? '';
  const launches = stage.workspace.clusters.get(annsCluster)?.launches ?? 0;
  broken.add(bensCluster);
  isBroken = true;

  const repair = (email: string) => stage.update<{ recorded: string }>('repair', { email, by: 'Gus' });
  expect(await repair(ann)).toEqual({ recorded: `${ann}: restart, now, for Gus` });
  await repair(ben);
  await stage.soon(async () => {
    expect(await seatOf(ann)).toMatchObject({ state: 'ready', generation: 1, cluster: { id: annsCluster } });
    expect(await seatOf(ben)).toMatchObject({ state: 'ready', generation: 2, setAside: [bensCluster] });
  });
  expect(stage.workspace.clusters.get(annsCluster)?.launches).toBe(launches + 1);
  expect((await seatOf(ann))?.repair).toBeUndefined();
  const fresh = (await seatOf(ben))?.cluster?.id ?? '';
  expect(stage.told.letters.filter(({ email }) => email === ben).map(({ clusterId }) => clusterId)).toContain(fresh);
  // It is kept for a look, and does not run.
  expect(stage.workspace.clusters.get(bensCluster)?.state).toBe('TERMINATED');

  const report = await stage.report();
  expect(report).toMatchObject({ attendees: { total: 2, ready: 2 }, proof: { clusters: 0, pools: 0 } });
  expect(stage.workspace.removed).toContain(bensCluster);
});

test('one that is set aside and whose stop does not take is stopped again', async () => {
  const [ann = ''] = attendees(1);
  const stops: string[] = [];
  const stage = await openStage({
    workspace: { autoTerminationMs: 12 * HOUR },
    // The first stop of all is answered well, and not carried out.
    change: (fake) => ({
      stopCluster: async (run, asked) => {
        if (stops.push(asked.clusterId) > 1) await fake.stopCluster(run, asked);
      },
    }),
  });
  const start = (await stage.clock.now()) + HOUR;
  const plan = planOf({ compute: { ...planOf().compute, preProvision: false } });
  await stage.open(workshopInput({ plan, people: [ann], start, queue: stage.queue }));
  await stage.sleepUntil(start + 30 * MINUTE);
  const seat = async () => (await stage.roster())[0];
  const before = (await seat())?.cluster?.id ?? '';
  await stage.update('repair', { email: ann, by: 'Gus', stage: 'new cluster' });
  await stage.soon(async () =>
    expect(await seat()).toMatchObject({ state: 'ready', generation: 2, setAside: [before] }),
  );
  await stage.soon(async () => expect(stage.workspace.clusters.get(before)?.state).toBe('TERMINATED'));
  expect(stops).toEqual([before, before]);
  await stage.report();
});
