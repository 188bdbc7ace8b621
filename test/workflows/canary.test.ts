import { describe, expect, test } from 'vitest';
import { heldBack, HOPS, type Hop, type HopId, type Tried } from '../../src/domain/replayed/canary/hops.ts';
import { openStage } from './stage/time-skipping.ts';
import { attendees, DAY, HOUR, MINUTE, planOf, REAL_PACE, workshopInput } from './stage/workshop-input.ts';

const FINE: Tried = { state: 'passed', said: 'fine' };
const NO_CLI: Tried = { state: 'not tried', said: 'this worker has no databricks CLI', forAPerson: true };

function gone(outcomes: Partial<Record<HopId, Tried>>): { hops: Hop[] } {
  const hops: Hop[] = [];
  for (const id of HOPS) hops.push(heldBack(id, hops) ?? { id, ms: 5, ...(outcomes[id] ?? FINE) });
  return { hops };
}

const onTheDay = () => planOf({ compute: { ...planOf().compute, preProvision: false } });

describe("the canary's hops", () => {
  test('one that fails turns the canary red and tells what to do; nobody gets a cluster until it works', async () => {
    let broken = true;
    const stage = await openStage({
      change: () => ({
        tryChain: async () =>
          gone(broken ? { endpoint: { state: 'failed', said: 'HTTP 403', hint: 'Grant CAN_QUERY.' } } : {}),
      }),
    });
    const start = (await stage.clock.now()) + 2 * HOUR;
    await stage.open(
      workshopInput({
        plan: onTheDay(),
        people: attendees(1),
        start,
        queue: stage.queue,
        pace: { ...REAL_PACE, recheck: 10 * DAY },
      }),
    );
    await stage.sleepUntil(start - 100 * MINUTE);
    const red = await stage.item('canary');
    expect(red).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining('failed: endpoint (HTTP 403); not tried: claude') as string,
      toDo: 'endpoint: Grant CAN_QUERY.',
    });
    expect(red.hops?.map(({ state }) => state)).toEqual([...Array<string>(7).fill('passed'), 'failed', 'not tried']);
    expect((await stage.progress()).checklist.map(({ id }) => id)).not.toContain('canary-chain');
    // The cluster that was tried on is gone.
    expect(stage.workspace.clusters.size).toBe(0);
    broken = false;
    await stage.update('retry', { item: 'canary', by: 'Ann' });
    await stage.sleepUntil(start - 80 * MINUTE);
    const green = await stage.item('canary');
    expect(green).toMatchObject({ state: 'passed', evidence: expect.stringContaining('claude 5 ms') as string });
    expect(green.hops?.every(({ state }) => state === 'passed')).toBe(true);
    const report = await stage.report();
    expect(report.attendees.ready).toBe(1);
    expect(report.checklist.find(({ id }) => id === 'canary')?.hops).toHaveLength(HOPS.length);
  });

  test('what cannot be tried is asked of a person and is no green tick; clusters do not wait for it', async () => {
    const stage = await openStage({
      change: () => ({
        tryChain: async () => gone({ cli: NO_CLI }),
        runOnCluster: async () => ({ ran: false, why: 'no jobs here' }),
      }),
    });
    const start = (await stage.clock.now()) + 21 * DAY;
    await stage.open(workshopInput({ plan: planOf(), people: attendees(1), start, queue: stage.queue }));
    await stage.sleepUntil(start - 13 * DAY);
    expect(await stage.item('canary')).toMatchObject({
      state: 'passed',
      evidence: expect.stringContaining('not tried: cli, api, tunnel') as string,
    });
    const asked = await stage.item('canary-chain');
    expect(asked).toMatchObject({
      kind: 'sign-off',
      state: 'waiting',
      title: 'Canary by hand: cli, api, tunnel, sshd, binary, token, endpoint, claude',
      evidence: 'not tried: this worker has no databricks CLI',
    });
    expect(asked.toDo).toContain('databricks clusters create --json \'{"cluster_name":');
    expect(asked.toDo).toContain(
      "databricks ssh connect --cluster <the cluster_id it printed> -- 'id -un; check-claude --deep'",
    );
    expect(stage.told.notices).toContainEqual(expect.stringMatching(/^canary-chain-asked-/));
    await stage.update('signOff', { item: 'canary-chain', by: 'Ann', note: 'works' });
    // Nobody has tried it since: the day before, it is asked again.
    await stage.sleepUntil(start - 12 * HOUR);
    expect(await stage.item('canary-chain')).toMatchObject({ state: 'signed off', evidence: 'works' });
    expect((await stage.item('canary-chain-again')).state).toMatch(/waiting|unanswered/);
    const report = await stage.report();
    expect(report.attendees.ready).toBe(1);
    expect(report.checklist.find(({ id }) => id === 'canary-chain-again')).toMatchObject({ state: 'unanswered' });
  });

  test('a tunnel that fails where jobs run is red; where jobs run nothing, it is for a person', async () => {
    let silent = false;
    const stage = await openStage({
      change: () => ({
        tryChain: async () => ({
          ...gone({ tunnel: { state: 'failed', said: 'bootstrap job failed', hint: 'Read the run.' } }),
          bootstrapFailed: true,
        }),
        runOnCluster: async () => ({ ran: false, why: 'nothing was run', ...(silent ? { silent } : {}) }),
      }),
    });
    const start = (await stage.clock.now()) + 2 * HOUR;
    await stage.open(
      workshopInput({
        plan: onTheDay(),
        people: attendees(1),
        start,
        queue: stage.queue,
        pace: { ...REAL_PACE, recheck: 10 * DAY },
      }),
    );
    await stage.sleepUntil(start - 100 * MINUTE);
    expect(await stage.item('canary')).toMatchObject({ state: 'failed', toDo: 'tunnel: Read the run.' });
    silent = true;
    await stage.update('retry', { item: 'canary', by: 'Ann' });
    await stage.sleepUntil(start - 80 * MINUTE);
    expect(await stage.item('canary')).toMatchObject({
      state: 'passed',
      evidence: expect.stringContaining('not tried: tunnel, sshd, binary, token, endpoint, claude') as string,
    });
    expect(await stage.item('canary-chain')).toMatchObject({
      state: 'waiting',
      evidence: 'not tried: jobs on this cluster end without having run: nothing was run',
    });
    await stage.update('cancel', { by: 'Ann', reason: 'seen enough' });
    expect((await stage.report()).clusters.left).toBe(0);
  });

  test('a question that is still open is answered by a canary that could try it', async () => {
    let flights = 0;
    const stage = await openStage({
      change: () => ({
        tryChain: async () => gone((flights += 1) === 1 ? { cli: NO_CLI } : {}),
        runOnCluster: async () => ({ ran: false, why: 'no jobs here' }),
      }),
    });
    const start = (await stage.clock.now()) + 21 * DAY;
    await stage.open(workshopInput({ plan: planOf(), people: attendees(1), start, queue: stage.queue }));
    await stage.sleepUntil(start - 12 * HOUR);
    expect(flights).toBe(2);
    expect(await stage.item('canary-again')).toMatchObject({ state: 'passed' });
    expect(await stage.item('canary-chain')).toMatchObject({ state: 'passed', evidence: 'tried by a later canary' });
    const report = await stage.report();
    expect(report.clusters).toMatchObject({ created: 3, deleted: 3, left: 0 });
  });

  test.each([
    ['the tunnel', true],
    ['a job', false],
  ])(
    "a node that cannot download VS Code's server is noticed by %s: letters have laptops fetch it",
    async (_, tunnel) => {
      const serverDownload = { reached: false, said: 'update.code.visualstudio.com does not answer' };
      let flights = 0;
      const stage = await openStage({
        change: () => ({
          tryChain: async () =>
            (flights += 1) > 1
              ? { ...gone({}), serverDownload: { reached: true, said: 'there' } }
              : tunnel
                ? { ...gone({}), serverDownload }
                : gone({ cli: NO_CLI }),
          runOnCluster: async () => ({
            ran: true,
            report: {
              check: {
                ok: true,
                checks: [
                  { id: 'version', state: 'ok', said: '2', next: '' },
                  { id: 'download', state: 'warning', said: serverDownload.said, next: '' },
                ],
              },
            },
          }),
        }),
      });
      const start = (await stage.clock.now()) + 21 * DAY;
      await stage.open(workshopInput({ plan: planOf(), people: attendees(1), start, queue: stage.queue }));
      await stage.sleepUntil(start - 13 * DAY);
      expect((await stage.item('canary')).evidence).toContain(
        "VS Code's server cannot be downloaded there (update.code.visualstudio.com does not answer)",
      );
      await stage.sleepUntil(start - 5 * DAY);
      expect(stage.told.letters).toContainEqual(expect.objectContaining({ laptopsFetchServer: true }));
      // A way out that was opened since is seen by the canary of the day before.
      await stage.sleepUntil(start - 12 * HOUR);
      expect((await stage.item('canary-again')).evidence).toContain("VS Code's server can be downloaded there");
      await stage.update('cancel', { by: 'Ann', reason: 'seen enough' });
      await stage.report();
    },
  );

  test('where no canary looked, letters set nothing about it', async () => {
    const stage = await openStage({ change: () => ({ tryChain: async () => gone({}) }) });
    const start = (await stage.clock.now()) + 21 * DAY;
    await stage.open(workshopInput({ plan: planOf(), people: attendees(1), start, queue: stage.queue }));
    await stage.sleepUntil(start - 5 * DAY);
    expect((await stage.item('canary')).evidence).not.toContain('VS Code');
    expect(stage.told.letters.length).toBeGreaterThan(0);
    for (const letter of stage.told.letters) expect(letter).not.toHaveProperty('laptopsFetchServer');
    await stage.update('cancel', { by: 'Ann', reason: 'seen enough' });
    await stage.report();
  });
});
