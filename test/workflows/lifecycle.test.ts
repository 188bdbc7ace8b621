import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { openStage } from './stage/time-skipping.ts';
import { attendees, DAY, HOUR, MINUTE, planOf, REAL_PACE, workshopInput } from './stage/workshop-input.ts';

const onTheDay = () => planOf({ compute: { ...planOf().compute, preProvision: false } });

describe('three weeks', () => {
  test('everybody is ready at the start, though nobody answered a sign-off, and nothing is left', async () => {
    const stage = await openStage();
    const start = (await stage.clock.now()) + 21 * DAY;
    await stage.open(workshopInput({ plan: planOf(), people: attendees(4), start, queue: stage.queue }));

    await stage.sleepUntil(start - 13 * DAY);
    const open = (await stage.progress()).checklist.filter(({ deadline }) => deadline !== undefined);
    expect(open.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'serving-capacity waiting',
      'apps-allowed waiting',
      'proxy waiting',
    ]);

    await stage.sleepUntil(start - 2 * DAY);
    expect((await stage.progress()).attendees.byState).toEqual({ parked: 4 });
    const parked = stage.workspace.all(await stage.clock.now());
    expect(parked.map(({ state }) => state)).toEqual(Array(4).fill('TERMINATED'));

    await stage.sleepUntil(start);
    const { attendees: totals, checklist } = await stage.progress();
    expect(totals).toMatchObject({ attendees: 4, everReady: 4, byState: { ready: 4 } });
    expect(checklist.filter(({ kind }) => kind === 'sign-off').map(({ id, state }) => [id, state])).toEqual([
      ['serving-capacity', 'unanswered'],
      ['apps-allowed', 'unanswered'],
      ['proxy', 'unanswered'],
      ['letters-sent', 'unanswered'],
      ['support-channel', 'unanswered'],
      ['windows-zscaler', 'unanswered'],
      ['support-staff', expect.stringMatching(/waiting|unanswered/)],
    ]);
    expect(stage.told.notices.filter((name) => name.endsWith('-asked')).toSorted()).toEqual(
      [...new Set(stage.told.notices.filter((name) => name.endsWith('-asked')))].toSorted(),
    );
    // Two canaries', and one each: started again on the day, not made anew.
    expect(stage.workspace.created).toHaveLength(6);

    const report = await stage.report();
    expect(report.attendees).toEqual({ total: 4, ready: 4, failed: 0, removed: 4 });
    expect(report.clusters).toEqual({ created: 6, deleted: 6, left: 0 });
    expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
    expect(stage.workspace.clusters.size).toBe(0);
    // The drill's minimum and every other one was let go again before the end.
    expect(stage.workspace.poolMinimums).toEqual([4, 0, 3, 0, 4, 5, 0]);
    expect(stage.told.notices).not.toContain('pool-minimum');
  });
});

describe('started an hour before', () => {
  test('it catches up, and everybody is ready at the start', async () => {
    const stage = await openStage();
    const start = (await stage.clock.now()) + HOUR;
    await stage.open(workshopInput({ plan: planOf(), people: attendees(3), start, queue: stage.queue }));
    await stage.sleepUntil(start);
    const { attendees: totals, checklist } = await stage.progress();
    expect(totals).toMatchObject({ everReady: 3, byState: { ready: 3 } });
    expect(checklist.filter(({ state }) => state === 'unanswered').map(({ id }) => id)).toEqual(
      expect.arrayContaining(['proxy', 'support-channel', 'windows-zscaler']),
    );
    expect((await stage.report()).attendees).toEqual({ total: 3, ready: 3, failed: 0, removed: 3 });
  });

  test('a blocking sign-off holds what comes after it, until it is answered', async () => {
    const stage = await openStage();
    const begins = await stage.clock.now();
    await stage.open(
      workshopInput({
        plan: { ...onTheDay(), blocking: ['proxy'] },
        people: attendees(1),
        start: begins + 3 * DAY,
        queue: stage.queue,
      }),
    );
    await stage.sleepUntil(begins + DAY);
    expect((await stage.progress()).heading).toBe('two weeks before');
    await stage.update('signOff', { item: 'proxy', by: 'Ann' });
    await stage.sleepUntil(begins + DAY + HOUR);
    expect((await stage.progress()).heading).toBe('one week before');
    expect(await stage.item('proxy')).toMatchObject({ state: 'signed off', by: 'Ann' });
    expect((await stage.report()).attendees.ready).toBe(1);
  });

  test('a canary that dies keeps anybody from getting a cluster, until it is waived with a reason', async () => {
    const stage = await openStage({
      change: () => ({
        awaitCluster: async () => {
          throw ApplicationFailure.nonRetryable('the init script failed', 'CANARY_DIED', { toDo: 'Read its log.' });
        },
      }),
    });
    const start = (await stage.clock.now()) + 90 * MINUTE;
    await stage.open(workshopInput({ plan: onTheDay(), people: attendees(2), start, queue: stage.queue }));
    await stage.sleepUntil(start - 20 * MINUTE);
    expect(await stage.item('canary')).toMatchObject({ evidence: 'the init script failed', toDo: 'Read its log.' });
    expect((await stage.progress()).attendees.withCluster).toBe(0);
    // It was tried again many times, and said once.
    expect(stage.workspace.created.length).toBeGreaterThan(3);
    expect(stage.told.notices.filter((name) => name === 'canary-failed')).toHaveLength(1);
    await stage.update('waive', { item: 'canary', by: 'Ann', reason: 'the script is known to work' });
    await stage.sleepUntil(start + 10 * MINUTE);
    expect((await stage.progress()).attendees.everReady).toBe(2);
    expect(await stage.item('canary')).toMatchObject({
      state: 'waived',
      by: 'Ann',
      evidence: 'the script is known to work',
    });
    expect((await stage.report()).clusters.left).toBe(0);
  });

  test('a failed line is worked on again when somebody asks', async () => {
    let broken = true;
    const stage = await openStage({
      change: (fake) => ({
        probeEndpoint: (...args) => {
          if (broken) throw ApplicationFailure.nonRetryable('HTTP 403', 'HTTP_403', { toDo: 'Grant CAN_QUERY.' });
          return fake.probeEndpoint(...args);
        },
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
    expect(await stage.item('endpoint')).toMatchObject({ state: 'failed', toDo: 'Grant CAN_QUERY.' });
    broken = false;
    await stage.update('retry', { item: 'endpoint', by: 'Ann' });
    await stage.sleepUntil(start - 99 * MINUTE);
    expect(await stage.item('endpoint')).toMatchObject({ state: 'passed' });
  });
});

test('a feedback letter that cannot be written holds up no removal', async () => {
  const stage = await openStage({
    change: () => ({
      sendFeedback: async () => {
        throw ApplicationFailure.nonRetryable('the disk is full', 'ENOSPC');
      },
    }),
  });
  const start = (await stage.clock.now()) + HOUR;
  await stage.open(workshopInput({ plan: onTheDay(), people: attendees(1), start, queue: stage.queue }));
  const report = await stage.report();
  expect(report.checklist.find(({ id }) => id === 'feedback')).toMatchObject({
    state: 'failed',
    evidence: 'the disk is full',
  });
  expect(report.attendees).toEqual({ total: 1, ready: 1, failed: 0, removed: 1 });
});

// Cancellation by Temporal itself is tried on a real server: this one knows no continue-as-new after it.
test('cancelled half-way, everything is removed, and the report says so', async () => {
  const stage = await openStage();
  const start = (await stage.clock.now()) + HOUR;
  await stage.open(workshopInput({ plan: planOf(), people: attendees(2), start, queue: stage.queue }));
  await stage.sleepUntil(start - 37 * MINUTE);
  expect(stage.workspace.clusters.size).toBeGreaterThan(0);
  await stage.update('cancel', { by: 'Ann', reason: 'the hall is flooded' });
  const report = await stage.report();
  expect(report.workshop.outcome).toBe('cancelled');
  expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
  expect(stage.workspace.clusters.size).toBe(0);
  // What was kept waiting for everybody is let go before anything else.
  expect(Math.max(...stage.workspace.poolMinimums)).toBeGreaterThan(0);
  expect(stage.workspace.poolMinimums.at(-1)).toBe(0);
  expect(stage.told.feedback).toBe(0);
});

test('what a load test measured counts for more than what was computed, until it is measured again', async () => {
  const stage = await openStage();
  const start = (await stage.clock.now()) + 6 * HOUR;
  const limits = { inputTokensPerMinute: 100_000_000, outputTokensPerMinute: 100_000_000, queriesPerHour: 1_000_000 };
  await stage.open(
    workshopInput({
      plan: { ...onTheDay(), serving: { ...planOf().serving, limits } },
      people: attendees(1),
      start,
      queue: stage.queue,
    }),
  );
  await stage.sleepUntil(start - 5 * HOUR);
  expect(await stage.item('serving-capacity')).toMatchObject({ kind: 'check', state: 'passed' });
  await stage.update('signOff', { item: 'serving-capacity', by: 'Ann', answer: 'no', note: '40 % were refused' });
  await stage.sleepUntil(start - 3 * HOUR);
  expect(await stage.item('serving-capacity')).toMatchObject({
    state: 'failed',
    evidence: '40 % were refused',
    by: 'Ann',
  });
  await stage.update('signOff', { item: 'serving-capacity', by: 'Ann', answer: 'yes', note: 'none were refused' });
  expect(await stage.item('serving-capacity')).toMatchObject({ state: 'signed off', evidence: 'none were refused' });
});
