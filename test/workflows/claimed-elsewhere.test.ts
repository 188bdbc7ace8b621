import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { Claim } from '../../src/domain/replayed/claim/claim.ts';
import { openStage } from './stage/time-skipping.ts';
import { attendees, DAY, HOUR, MINUTE, planOf, workshopInput } from './stage/workshop-input.ts';

const PEOPLE = attendees(4);

test('a server whose workshop another one has taken over stops at its next page, until somebody asks', async () => {
  let heldBy: Claim | undefined;
  let asked = 0;
  const stage = await openStage({
    workspace: { autoTerminationMs: 12 * HOUR },
    change: () => ({
      claimWorkshop: async () => {
        asked += 1;
        return heldBy ? { heldBy } : {};
      },
    }),
  });
  const plan = planOf();
  const start = (await stage.clock.now()) + 30 * HOUR;
  const input = workshopInput({ plan, people: PEOPLE, start, queue: stage.queue });
  await stage.open(input);
  const launches = async () =>
    stage.workspace.all(await stage.clock.now()).map(({ launches: count, state }) => `${count} ${state}`);
  await stage.soon(async () => expect((await stage.progress()).attendees.byState).toEqual({ parked: 4 }));
  expect((await stage.progress()).checklist.map(({ id }) => id)).not.toContain('claim');

  const now = await stage.clock.now();
  heldBy = {
    v: 1,
    workshopId: plan.id,
    runId: input.run.runId,
    server: { id: 'other', address: 'temporal.example.com:7233', namespace: 'default', host: 'another' },
    since: now,
    seen: now,
    goodForMs: HOUR,
  };
  await stage.sleepUntil(start - 23 * HOUR);
  expect(await stage.item('claim')).toMatchObject({
    state: 'failed',
    evidence: expect.stringContaining('temporal.example.com:7233'),
    toDo: expect.stringContaining(`bin/workshop cancel ${plan.id}. It removes nothing`),
  });
  expect(stage.told.notices.filter((name) => name.startsWith('claim'))).toEqual(['claim-elsewhere']);
  const before = await launches();
  expect(before).toEqual(PEOPLE.map(() => '1 TERMINATED'));
  const minimums = stage.workspace.poolMinimums.length;

  // The day comes, and nothing is done here: not for anybody's cluster, and not to the pool.
  await stage.sleepUntil(start - 10 * MINUTE);
  expect(await launches()).toEqual(before);
  expect(stage.workspace.poolMinimums).toHaveLength(minimums);
  const looks = asked;
  await stage.update('retry', { item: 'claim', by: 'Gus' });
  await stage.soon(async () => expect(asked).toBe(looks + 1));
  expect((await stage.item('claim'))?.state).toBe('failed');

  heldBy = undefined;
  await stage.update('retry', { item: 'claim', by: 'Gus' });
  await stage.soon(async () => expect((await stage.progress()).attendees.byState).toEqual({ ready: 4 }));
  expect(await stage.item('claim')).toMatchObject({ state: 'passed', evidence: 'this server holds the claim' });
});

test('where nobody can tell whether another server is at work, nothing is made until somebody says so', async () => {
  let forbidden = true;
  const stage = await openStage({
    change: () => ({
      claimWorkshop: async () => {
        if (!forbidden) return {};
        throw ApplicationFailure.nonRetryable('The worker may not write there.', 'FORBIDDEN', { toDo: 'Grant it.' });
      },
    }),
  });
  const plan = planOf();
  const start = (await stage.clock.now()) + 20 * DAY;
  await stage.open(workshopInput({ plan, people: PEOPLE, start, queue: stage.queue }));
  await stage.sleepUntil(start - 13 * DAY);
  const claim = await stage.item('claim');
  expect(claim).toMatchObject({ state: 'failed', evidence: 'The worker may not write there.' });
  expect(claim.toDo).toContain(`bin/workshop waive ${plan.id} claim --reason`);
  expect(claim.toDo).toContain('Grant it.');
  expect(stage.told.notices.filter((name) => name.startsWith('claim'))).toEqual(['claim']);
  expect((await stage.item('rights')).state).toBe('passed');
  expect((await stage.item('policy')).state).toBe('waiting');
  expect(stage.workspace.pool).toBeUndefined();

  await stage.update('waive', { item: 'claim', by: 'Gus', reason: 'there is only this server' });
  await stage.soon(async () => expect((await stage.item('canary')).state).toBe('passed'));
  expect(stage.workspace.pool).toBeDefined();
  // Once it can be claimed, it is.
  forbidden = false;
  await stage.sleepUntil(start - 6 * DAY);
  expect((await stage.item('claim')).state).toBe('waived');
});
