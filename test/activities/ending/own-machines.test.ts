import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, onTestFinished, test } from 'vitest';
import { reportPage } from '../../../src/domain/papers/report-page.ts';
import { newLifecycleState } from '../../../src/domain/replayed/checklist/lifecycle-state.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { paceAt } from '../../../src/domain/replayed/time/pace.ts';
import type { Timeline } from '../../../src/domain/replayed/time/timeline.ts';
import { ANN, answered, BEN, connect, failureOf, openSetting, type Setting } from '../setting.ts';

const STRANGER = 'stranger@example.com';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const seats = [ANN.toUpperCase(), BEN].map((email) => newSeat(email, email, 'attendee', 1));
const temporal = { workflow: { getHandle: () => ({ query: async () => seats }) } } as unknown as Client;

/** Of a workshop whose people were invited so long ago. */
function request({ plan }: Setting, invited = DAY) {
  const start = Date.now();
  const timeline: Timeline = {
    twoWeeksBefore: start - 2 * invited,
    oneWeekBefore: start - invited,
    dayBefore: start - invited / 2,
    dayOf: start - invited / 3,
    start,
    end: start + HOUR,
    teardown: start + 2 * HOUR,
  };
  return {
    plan,
    timeline,
    pace: paceAt(1),
    estimate: 1,
    state: { ...newLifecycleState([], [], []), cohorts: [1], teardown: NOTHING_LEFT },
  };
}
const NOTHING_LEFT = {
  seq: 1,
  stage: 'done',
  clustersDeleted: 2,
  clustersSeen: 2,
  clustersLeft: 0,
  poolsDeleted: 0,
  poolKept: false,
  upMs: 0,
  proof: { first: '2027-03-16T09:00:00Z', second: '2027-03-16T09:05:00Z', clusters: 0, pools: 0 },
} as const;

async function make(setting: Setting, person: string, name: string, more: object = {}): Promise<string> {
  const workspace = connect(setting.sandbox, setting.sandbox.tokenFor(person));
  onTestFinished(() => workspace.close());
  let policy: string | undefined;
  for await (const { policy_id, policy_family_id } of workspace.clusterPolicies.list())
    if (policy_family_id === 'personal-vm') policy = policy_id;
  const { clusterId } = await workspace.clusters.create({
    cluster_name: name,
    spark_version: '17.3.x-scala2.13',
    node_type_id: 'Standard_DS3_v2',
    num_workers: 0,
    data_security_mode: 'SINGLE_USER',
    ...(policy === undefined ? {} : { policy_id: policy }),
    ...more,
  });
  return clusterId;
}

test('machines that people made for themselves are named by owner and state, and never touched', async () => {
  const setting = await openSetting({ people: [ANN, BEN, STRANGER], temporal });
  const id = await make(setting, ANN, 'my own');
  await make(setting, STRANGER, 'no part of it');
  await make(setting, BEN, 'claude-code-workshop-x', { custom_tags: { 'workshop-id': 'x', 'workshop-run': 'r' } });
  const { report } = await setting.activities.writeReport(setting.run, request(setting));
  expect(report.ownMachines).toEqual([
    { name: 'my own', id, creator: ANN, state: expect.stringMatching(/PENDING|RUNNING/) as string },
  ]);
  const page = reportPage(report).replaceAll(/\s+/g, ' ');
  expect(page).toMatch(/Not ours machines .* left alone.* - my own \(\S+\), by ann@example\.com, (PENDING|RUNNING)/);
  expect(page).toContain('nothing is left, but 1 of the machines that people made for themselves still run');
  expect(setting.sandbox.books().clusters.filter(({ alive }) => alive)).toHaveLength(3);
});

test('what was there before they were invited, and nothing at all, is not mentioned', async () => {
  const setting = await openSetting({ people: [ANN, BEN], temporal });
  await make(setting, ANN, 'long before');
  const { report } = await setting.activities.writeReport(setting.run, request(setting, -HOUR));
  expect(report).not.toHaveProperty('ownMachines');
  expect(reportPage(report)).not.toContain('Not ours');
});

test('a workspace that does not say is asked again, and then the report says that nobody knows', async () => {
  let status = 503;
  const setting = await openSetting({
    people: [ANN, BEN],
    temporal,
    change: (workspace) => ({
      ...workspace,
      clusters: {
        ...workspace.clusters,
        // oxlint-disable-next-line require-yield -- it fails before its first
        async *list() {
          throw answered(status, 'NO');
        },
      },
    }),
  });
  const asked = request(setting);
  await failureOf(setting.activities.writeReport(setting.run, asked));
  status = 403;
  const { report } = await setting
    .activitiesIn(new MockActivityEnvironment({ attempt: 4 }, { logger: new DefaultLogger('ERROR') }))
    .writeReport(setting.run, asked);
  expect(report.missing?.join(' ')).toMatch(/Whether people made machines for themselves is not known: /);
});
