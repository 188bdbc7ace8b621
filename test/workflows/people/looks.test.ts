import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { JobOutcome } from '../../../src/activities/clusters/cluster-jobs.ts';
import { cohortAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { reportPage } from '../../../src/domain/papers/report-page.ts';
import type { Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { allWell, type FakeWorkspaceOptions } from '../stage/fake-workspace.ts';
import { openStage, type Stage } from '../stage/time-skipping.ts';
import { attendees, EVENT, HOUR, MINUTE, planOf, workshopInput } from '../stage/workshop-input.ts';

const onTheDay = () => planOf({ compute: { ...planOf().compute, preProvision: false } });
const AWAKE = 12 * HOUR;

const found = (checks: readonly { id: string; state: 'ok' | 'failed'; said: string; next: string }[]): JobOutcome => ({
  ran: true,
  report: {
    check: { ok: checks.every(({ state }) => state === 'ok'), checks: [...checks] },
    saved: { state: 'nothing', files: 0, bytes: 0, said: 'nothing' },
  },
});
const NO_CLAUDE = found([
  { id: 'claude', state: 'failed', said: 'claude: command not found', next: 'cat /tmp/init-script-claude.log' },
]);
const NO_ENDPOINT = found([
  { id: 'endpoint', state: 'failed', said: 'HTTP 403: you may not query it', next: 'ask your facilitator' },
]);
const SAVED: JobOutcome = {
  ran: true,
  report: { saved: { state: 'saved', files: 3, bytes: 12, kept: true, said: '3 files saved' } },
};

async function started({
  job,
  people = 2,
  plan = onTheDay(),
  before = HOUR,
}: {
  job?: NonNullable<FakeWorkspaceOptions['job']>;
  people?: number;
  plan?: ReturnType<typeof planOf>;
  before?: number;
}) {
  const stage = await openStage({ workspace: { autoTerminationMs: AWAKE, ...(job ? { job } : {}) } });
  const start = (await stage.clock.now()) + before;
  await stage.open(workshopInput({ plan, people: attendees(people), start, queue: stage.queue }));
  const roster = () => stage.client.workflow.getHandle(cohortAddress(plan.id, 0)).query<readonly Seat[]>('roster');
  return { stage, start, roster };
}

const item = async (stage: Stage, id: string) => (await stage.progress()).checklist.find((line) => line.id === id);

describe("looking with everybody's eyes", () => {
  test('it is done once more in the last quarter of an hour, and the roster says what was seen', async () => {
    const { stage, start, roster } = await started({});
    await stage.sleepUntil(start);
    const last = stage.told.jobs.filter(({ at }) => at >= start - 15 * MINUTE && at <= start);
    expect(last.map(({ userName }) => String(userName)).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(attendees(2));
    expect(await item(stage, 'checks')).toMatchObject({
      state: 'passed',
      evidence: expect.stringMatching(/^Claude Code tested on 2 clusters, \d+ (min|s).* before the start$/),
    });
    for (const { proof } of await roster())
      expect(proof).toMatchObject({ kind: 'attendee', ok: true, said: '1 checks passed, Claude Code 2.1.197' });
  });

  test('where nobody may run as others, events have to do, and nothing says it was more', async () => {
    const { stage, start, roster } = await started({
      job: () => ({ ran: false, why: 'not authorized to set run_as' }),
    });
    await stage.sleepUntil(start);
    expect(await item(stage, 'checks')).toMatchObject({
      state: 'passed',
      evidence: expect.stringMatching(/^2 started, not tested, /),
    });
    for (const { proof } of await roster())
      expect(proof).toMatchObject({ kind: 'events', said: '1 init script(s) succeeded; not authorized to set run_as' });
  });

  test('a plan may forbid it, and then no job runs', async () => {
    const { stage, start, roster } = await started({ plan: { ...onTheDay(), verifyAs: 'events' } });
    await stage.sleepUntil(start);
    expect(stage.told.jobs).toEqual([]);
    expect((await roster()).map(({ proof }) => proof?.said)).toEqual(
      Array(2).fill('1 init script(s) succeeded; the plan says verifyAs: events, so nothing runs in their name'),
    );
    expect(await item(stage, 'checks')).toMatchObject({
      state: 'waived',
      evidence: expect.stringContaining('verifyAs: events'),
    });
    expect((await stage.report()).saved?.failed).toHaveLength(2);
  });

  test('a cluster that lacks what the init script brings is begun anew, and keeps its id', async () => {
    const { stage, start, roster } = await started({
      people: 1,
      job: (cluster) => (cluster.launches === 1 ? NO_CLAUDE : allWell()),
    });
    await stage.sleepUntil(start);
    const [seat] = await roster();
    expect(seat).toMatchObject({ state: 'ready', clusters: 1, proof: { ok: true } });
    expect(stage.workspace.clusters.get(seat?.cluster?.id ?? '')?.launches).toBe(2);
  });

  test('what only a person can mend is said, with what to type, and looked at again', async () => {
    let closed = true;
    const { stage, start, roster } = await started({ people: 1, job: () => (closed ? NO_ENDPOINT : allWell()) });
    await stage.sleepUntil(start);
    expect(await roster()).toMatchObject([
      {
        state: 'failed',
        diagnosis: {
          class: 'check endpoint',
          toDo: expect.stringContaining('gives CAN_QUERY again'),
          remedy: 'person',
        },
        proof: { ok: false },
      },
    ]);
    expect(await item(stage, 'checks')).not.toMatchObject({ state: 'passed' });
    closed = false;
    await stage.sleepUntil(start + HOUR);
    expect(await roster()).toMatchObject([{ state: 'ready', proof: { ok: true } }]);
  });

  test('whoever is well is left alone while another is not, and nobody is begun anew during the workshop', async () => {
    const broken = 'attendee2@example.com';
    let begun = Infinity;
    const { stage, start, roster } = await started({
      job: ({ userName }) => {
        if (userName === 'attendee1@example.com') return NO_ENDPOINT;
        return userName === broken && stage.told.jobs.some(({ at }) => at > begun) ? NO_CLAUDE : allWell();
      },
    });
    begun = start;
    await stage.sleepUntil(start + EVENT - 10 * MINUTE);
    expect(stage.told.jobs.filter(({ userName, at }) => userName === broken && at > start)).toEqual([]);
    expect((await roster()).find(({ email }) => email === broken)).toMatchObject({ state: 'ready' });
    const launches = stage.workspace
      .all(await stage.clock.now())
      .filter(({ userName }) => userName.startsWith('attendee'))
      .map((cluster) => cluster.launches);
    expect(launches).toEqual([1, 1]);
  });

  test('a cluster on which the job comes to nothing does not serve, and is no evidence', async () => {
    const fails = () => {
      throw ApplicationFailure.nonRetryable('The job came to nothing: Could not reach driver', 'JOB_FAILED', {
        toDo: 'Look at the run.',
      });
    };
    const { stage, start, roster } = await started({ people: 1, plan: planOf(), before: 30 * HOUR, job: fails });
    await stage.sleepUntil(start - 20 * HOUR);
    const [seat] = await roster();
    expect(seat).toMatchObject({
      state: 'failed',
      diagnosis: { class: 'JOB_FAILED', cause: 'The job came to nothing: Could not reach driver' },
    });
    expect(seat?.proof).toBeUndefined();
    // Stopped meanwhile, and tried ever more rarely.
    expect(stage.workspace.all(await stage.clock.now()).find(({ key }) => key === seat?.key)?.launches).toBeLessThan(
      10,
    );
  });

  test('before the day a cluster that does not serve is stopped until it is looked at again', async () => {
    const { stage, start, roster } = await started({
      people: 1,
      plan: planOf(),
      before: 30 * HOUR,
      job: () => NO_ENDPOINT,
    });
    await stage.sleepUntil(start - 28 * HOUR);
    const [seat] = await roster();
    expect(seat).toMatchObject({ state: 'failed', diagnosis: { class: 'check endpoint' } });
    const { length } = stage.told.jobs;
    expect(length).toBeLessThan(8);
    const up = stage.workspace.all(await stage.clock.now()).filter(({ key }) => key === seat?.key);
    expect(up.map(({ launches }) => launches)).toEqual([length]);
  });
});

describe('nobody loses work', () => {
  test('it is saved at the end, and again before the cluster goes; roster and report say so', async () => {
    const { stage, start, roster } = await started({ job: (_cluster, { check }) => (check ? allWell() : SAVED) });
    await stage.sleepUntil(start + EVENT + 10 * MINUTE);
    expect(await item(stage, 'saved')).toMatchObject({ state: 'passed', evidence: '2 saved, 0 with nothing to save' });
    for (const { saved } of await roster())
      expect(saved).toMatchObject({ state: 'saved', files: 3, said: '3 files saved' });
    const { length } = stage.told.jobs;
    const report = await stage.report();
    expect(stage.told.jobs.slice(length).map(({ check, save }) => `check ${check}, save ${save}`)).toEqual(
      Array(2).fill('check false, save true'),
    );
    expect(report.saved).toEqual({ saved: 2, nothing: 0, asleep: 0, failed: [], inPart: [] });
    expect(report.kept).toContainEqual(expect.stringMatching(/^the work folders of 2 people, seen there/));
    expect(reportPage(report)).toContain(
      'Saved       files of 2 people saved into their work folders; 0 had nothing else',
    );
  });

  test('also of somebody whose cluster never passed its check', async () => {
    const { stage } = await started({ people: 1, job: (_cluster, { check }) => (check ? NO_ENDPOINT : SAVED) });
    const report = await stage.report();
    expect(report.saved).toEqual({ saved: 1, nothing: 0, asleep: 0, failed: [], inPart: [] });
    expect(report.notReady).toMatchObject([{ cause: expect.stringContaining('HTTP 403') }]);
  });

  test('a cluster whose files could not be saved is not begun anew', async () => {
    const lost: JobOutcome = {
      ran: true,
      report: {
        check: { ok: false, checks: [{ id: 'claude', state: 'failed', said: 'not found', next: '' }] },
        saved: { state: 'failed', files: 0, bytes: 0, said: 'the folder cannot be written' },
      },
    };
    const { stage, start, roster } = await started({ people: 1, job: () => lost });
    await stage.sleepUntil(start);
    const [seat] = await roster();
    expect(seat).toMatchObject({ state: 'failed', diagnosis: { remedy: 'person' }, saved: { state: 'failed' } });
    expect(stage.workspace.clusters.get(seat?.cluster?.id ?? '')?.launches).toBe(1);
  });

  test('what cannot be saved holds up nothing, and is said', async () => {
    const { stage } = await started({
      people: 1,
      job: (_cluster, { check }) => (check ? allWell() : { ran: false, why: 'the workspace is busy' }),
    });
    const report = await stage.report();
    expect(report.saved).toEqual({
      saved: 0,
      nothing: 0,
      asleep: 0,
      failed: [{ email: 'attendee1@example.com', said: 'the workspace is busy' }],
      inPart: [],
    });
    expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
    expect(reportPage(report)).toContain('- attendee1@example.com: the workspace is busy');
  });

  test('what fell asleep before is not called saved', async () => {
    const stage = await openStage();
    const start = (await stage.clock.now()) + HOUR;
    await stage.open(workshopInput({ plan: onTheDay(), people: attendees(1), start, queue: stage.queue }));
    const report = await stage.report();
    expect(report.saved).toEqual({ saved: 0, nothing: 0, asleep: 1, failed: [], inPart: [] });
    expect(reportPage(report)).toContain('1 cluster fell asleep before the last look');
  });
});
