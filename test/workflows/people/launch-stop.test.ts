import { expect, test } from 'vitest';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, HOUR, MINUTE, planOf, workshopInput } from '../stage/workshop-input.ts';
import type { Fate } from '../stage/fake-workspace.ts';

const PEOPLE = attendees(6);
const [ANN = ''] = PEOPLE;
const SCRIPT: Fate = { kind: 'dies', code: 'INIT_SCRIPT_FAILURE', type: 'CLIENT_ERROR' };
const STOCKOUT: Fate = { kind: 'dies', code: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT', type: 'CLOUD_FAILURE' };

test('like failures stop launches; told to go on, those who are not ready do; on the day one is tried', async () => {
  let now: Fate = SCRIPT;
  const stage = await openStage({
    workspace: {
      autoTerminationMs: 12 * HOUR,
      fate: ({ userName }) => (PEOPLE.includes(userName) && userName !== ANN ? now : { kind: 'boots' }),
    },
  });
  const plan = planOf({ compute: { ...planOf().compute, breaker: { failures: 4 } } });
  const start = (await stage.clock.now()) + 30 * HOUR;
  await stage.open(workshopInput({ plan, people: PEOPLE, start, queue: stage.queue }));
  const launches = async () => {
    const all = stage.workspace.all(await stage.clock.now()).filter(({ userName }) => PEOPLE.includes(userName));
    return Object.fromEntries(all.map((cluster) => [cluster.userName, cluster.launches]));
  };
  const sum = async () => Object.values(await launches()).reduce((total, n) => total + n, 0);

  await stage.soon(async () => {
    expect(await stage.item('launches')).toMatchObject({
      state: 'failed',
      evidence: expect.stringMatching(
        /launches are stopped: those of \d people .*\(init script\).*INIT_SCRIPT_FAILURE/,
      ),
      toDo: expect.stringContaining(`bin/workshop retry ${plan.id} launches`),
    });
  });
  expect(stage.told.notices.filter((name) => name.startsWith('launches-stopped'))).toEqual(['launches-stopped-1']);
  // What Temporal's own page shows.
  const page = JSON.stringify(await stage.lifecycle.query('__temporal_workflow_metadata'));
  expect(page).toMatch(/launches are stopped: those of \d people/);
  expect(page).toContain(`bin/workshop retry ${plan.id} launches`);
  const stopped = await launches();
  expect(stopped[ANN]).toBe(1);
  await stage.clock.sleep(90 * MINUTE);
  expect(await launches()).toEqual(stopped);
  expect((await stage.roster()).filter(({ state }) => state === 'failed')).toHaveLength(5);
  expect((await stage.progress()).attendees.byState).toMatchObject({ parked: 1, failed: 5 });

  now = { kind: 'boots' };
  const { recorded } = await stage.update<{ recorded: string }>('retry', { item: 'launches', by: 'Gus' });
  expect(recorded).toBe('launches: tried again now; every person whose seat failed is tried again now, for Gus');
  await stage.soon(async () => expect((await stage.progress()).attendees.byState).toEqual({ parked: 6 }));
  expect(await launches()).toEqual({
    ...Object.fromEntries(Object.entries(stopped).map(([email, n]) => [email, n + 1])),
    [ANN]: 1,
  });
  expect(await stage.item('launches')).toMatchObject({ state: 'passed', evidence: expect.stringContaining('Gus') });

  now = STOCKOUT;
  await stage.sleepUntil(start + 50 * MINUTE);
  expect(await stage.item('launches')).toMatchObject({
    state: 'failed',
    evidence: expect.stringContaining('(stockout)'),
    toDo: expect.stringContaining('every two minutes'),
  });
  const before = await sum();
  await stage.sleepUntil(start + 70 * MINUTE);
  const tried = (await sum()) - before;
  expect(tried).toBeGreaterThanOrEqual(5);
  expect(tried).toBeLessThanOrEqual(11);

  now = { kind: 'boots' };
  await stage.sleepUntil(start + 90 * MINUTE);
  expect((await stage.progress()).attendees.byState).toEqual({ ready: 6 });
  expect(await stage.item('launches')).toMatchObject({ state: 'passed' });
  expect(stage.told.notices.filter((name) => name.startsWith('launches-stopped'))).toHaveLength(2);
});
