import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/domain/papers/report.ts';
import { unsealed } from '../../../src/domain/papers/report-seal.ts';
import { newLifecycleState } from '../../../src/domain/replayed/checklist/lifecycle-state.ts';
import { paceAt } from '../../../src/domain/replayed/time/pace.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { totalsOf } from '../../../src/domain/replayed/seat/totals.ts';
import type { Timeline } from '../../../src/domain/replayed/time/timeline.ts';
import { ANN, answered, BEN, failureOf, openSetting, type Setting } from '../setting.ts';

const HOUR = 3_600_000;
const START = Date.parse('2027-03-16T08:00:00Z');
const timeline: Timeline = {
  twoWeeksBefore: START - 336 * HOUR,
  oneWeekBefore: START - 168 * HOUR,
  dayBefore: START - 24 * HOUR,
  dayOf: START - HOUR / 2,
  start: START,
  end: START + 4 * HOUR,
  teardown: START + 5 * HOUR,
};

const seats: Seat[] = [
  { ...newSeat('a', ANN, 'attendee', 1), readyAt: START, upMs: 2 * HOUR, clusters: 1 },
  {
    ...newSeat('b', BEN, 'attendee', 1),
    upMs: HOUR,
    clusters: 2,
    diagnosis: { class: 'quota', cause: 'The quota was used up.', toDo: 'Raise it.', remedy: 'person' },
  },
];

/** Temporal as far as rosters need it: two cohorts, asked by their addresses. */
const cohorts = {
  workflow: {
    getHandle: (workflowId: string) => ({
      query: async (name: string) => {
        if (name !== 'roster') throw new Error(`no query ${name}`);
        const seat = seats[Number(workflowId.split('/').at(-1))];
        return seat ? [seat] : [];
      },
    }),
  },
} as unknown as Client;

const request = ({ plan }: Setting) => ({
  plan,
  timeline,
  pace: paceAt(1),
  estimate: 100,
  state: { ...newLifecycleState([], [], []), cohorts: [1, 1], poolsCreated: 1, poolIdleMs: HOUR },
});

describe('the report', () => {
  it('is written to the folder and to the logs volume, the same in both', async () => {
    const setting = await openSetting({ temporal: cohorts });
    const { activities, run, plan, admin, folder } = setting;
    await activities.ensureVolumes(run, { plan });
    const { report, where } = await activities.writeReport(run, request(setting));
    const home = join(folder, plan.id);
    const path = `/Volumes/main/default/workshop_logs/workshop-${plan.id}-${run.runId}.json`;
    expect(where).toBe(`${home} and ${path}`);
    const json = await readFile(join(home, 'report.json'), 'utf8');
    expect(JSON.parse(json)).toEqual(report);
    expect((await admin.files.download(path))?.toString()).toBe(json);
    expect(await readFile(join(home, 'report.txt'), 'utf8')).toContain(plan.title);
    expect(await readdir(home)).toEqual(['report.json', 'report.txt']);
  });

  it('knows the people of cohorts that report, though a lifecycle that was set back has not made them', async () => {
    const setting = await openSetting({ temporal: cohorts });
    const { activities, run, plan } = setting;
    await activities.ensureVolumes(run, { plan });
    const asked = request(setting);
    const totals = { 0: { seq: 3, totals: totalsOf([]) }, 1: { seq: 5, totals: totalsOf([]) } };
    const state = { ...asked.state, cohorts: [], totals, toEnrol: [ANN, BEN] };
    const { report } = await activities.writeReport(run, { ...asked, state });
    expect(report.attendees).toMatchObject({ total: 2, ready: 1 });
    expect(report.notReady.map(({ cause }) => cause)).toEqual(['The quota was used up.']);
  });

  it('is sealed with the key of the worker, because attendees can write to that volume', async () => {
    const setting = await openSetting({ temporal: cohorts, reportKey: 'key of the worker' });
    const { activities, run, plan, admin } = setting;
    await activities.ensureVolumes(run, { plan });
    const { report } = await activities.writeReport(run, request(setting));
    const path = `/Volumes/main/default/workshop_logs/workshop-${plan.id}-${run.runId}.json`;
    const text = (await admin.files.download(path))?.toString() ?? '';
    expect(unsealed(JSON.parse(text) as Report, ['key of the worker'])).toEqual({ report, seal: 'as written' });
    const changed = JSON.parse(text.replace('"ready": 1', '"ready": 2')) as Report;
    expect(unsealed(changed, ['key of the worker']).seal).toBe('changed');
  });

  it('counts everybody in every cohort, and what they and the pool cost', async () => {
    const setting = await openSetting({ temporal: cohorts });
    const { report } = await setting.activities.writeReport(setting.run, request(setting));
    expect(report.attendees).toMatchObject({ total: 2, ready: 1, failed: 1 });
    expect(report.notReady).toEqual([{ email: BEN, cause: 'The quota was used up.', toDo: 'Raise it.' }]);
    expect(report.clusters.created).toBe(3);
    // By the example's prices: three hours of clusters at 0.25 + 0.55, one of an idle machine at 0.25.
    expect(report.cost.actual).toBeCloseTo(3 * 0.8 + 0.25, 2);
    expect(report.cost.estimate).toBe(100);
  });

  it('is the same when it is written again', async () => {
    const setting = await openSetting({ temporal: cohorts });
    const { activities, run, plan, sandbox } = setting;
    await activities.ensureVolumes(run, { plan });
    const first = await activities.writeReport(run, request(setting));
    expect(await activities.writeReport(run, request(setting))).toEqual(first);
    expect(sandbox.books().files).toHaveLength(1);
  });

  it('is tried again when the volume has passing trouble', async () => {
    const setting = await openSetting({
      temporal: cohorts,
      change: (workspace) => ({
        ...workspace,
        files: {
          ...workspace.files,
          upload: async () => {
            throw answered(503, 'TEMPORARILY_UNAVAILABLE');
          },
        },
      }),
    });
    expect(await failureOf(setting.activities.writeReport(setting.run, request(setting)))).toMatchObject({
      nonRetryable: false,
    });
  });

  it('is in the folder all the same when the volume refuses it, and says so', async () => {
    // Neither volume was made.
    const setting = await openSetting({ temporal: cohorts });
    const { activities, run, plan, folder } = setting;
    const { report, where } = await activities.writeReport(run, request(setting));
    expect(where).toMatch(/; not in \/Volumes\/main\/default\/workshop_logs\/.*HTTP 404/);
    expect(JSON.parse(await readFile(join(folder, plan.id, 'report.json'), 'utf8'))).toEqual(report);
  });

  it('is written without a cohort that does not answer, and says what is missing', async () => {
    const silent = {
      workflow: {
        getHandle: (workflowId: string) => ({
          query: async () => {
            if (workflowId.endsWith('/1')) throw new Error('the workflow has no worker');
            return [seats[0]];
          },
        }),
      },
    } as unknown as Client;
    const setting = await openSetting({ temporal: silent });
    const { run, plan, folder } = setting;
    const asked = request(setting);
    const totals = totalsOf([seats[1] as Seat]);
    const state = { ...asked.state, totals: { 1: { seq: 1, totals } } };
    // A few times it is asked again.
    expect(await failureOf(setting.activities.writeReport(run, { ...asked, state }))).toMatchObject({
      message: expect.stringContaining('Cohort 1'),
      nonRetryable: false,
    });
    const last = new MockActivityEnvironment({ attempt: 4 }, { logger: new DefaultLogger('ERROR') });
    const { report } = await setting.activitiesIn(last).writeReport(run, { ...asked, state });
    expect(report.attendees).toMatchObject({ total: 2, ready: 1, failed: 1 });
    expect(report.clusters.created).toBe(3);
    expect(report.cost.actual).toBeCloseTo(3 * 0.8 + 0.25, 2);
    expect(report.missing).toEqual([
      expect.stringContaining(
        'Cohort 1 could not be asked (the workflow has no worker). Its 1 people are counted as it last told',
      ),
    ]);
    expect(await readFile(join(folder, plan.id, 'report.txt'), 'utf8')).toContain('Cohort 1 could not be asked');
  });
});
