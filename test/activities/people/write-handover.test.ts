import { execFile } from 'node:child_process';
import { mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import type { PlanInForce } from '../../../src/domain/replayed/checklist/plan-in-force.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { findOnPath } from '../../../src/executable.ts';
import { realCli } from '../../real-cli.ts';
import {
  alive,
  ANN,
  answered,
  BEN,
  cohortOf,
  failureOf,
  furnish,
  openSetting,
  openVolumesTo,
  requestFor,
} from '../setting.ts';
import type { Setting } from '../setting.ts';

const found = realCli();
const absent =
  'absent' in found ? found.absent : findOnPath('jq', process.env['PATH']) === undefined ? 'needs jq' : undefined;

const inForce = ({ plan, run }: Setting, more: Partial<PlanInForce> = {}): PlanInForce => ({
  plan,
  runId: run.runId,
  timeline: timelineOf(plan),
  people: 2,
  cohorts: 1,
  ...more,
});

describe('the handover page', () => {
  it('is written for its owner alone into the folder, and into the logs volume', async () => {
    const setting = await openSetting({ temporal: cohortOf(() => [newSeat('a', ANN, 'attendee', 1)]) });
    const { activities, run, plan, admin, folder } = setting;
    await activities.ensureVolumes(run, { plan });
    const file = join(folder, plan.id, 'handover.md');
    const path = `/Volumes/main/default/workshop_logs/workshop-${plan.id}-handover.md`;
    const evidence = await activities.writeHandover(run, inForce(setting));
    expect(evidence).toMatch(/; SHA-256 begins with [0-9a-f]{16}$/);
    expect(evidence).toContain(`${file} and ${path}`);
    const page = await readFile(file, 'utf8');
    expect(page).toContain(`| ${ANN} |`);
    expect((await admin.files.download(path))?.toString()).toBe(page);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await activities.writeHandover(run, inForce(setting));
    expect(await readFile(file, 'utf8')).toContain(`| ${ANN} |`);
  });

  it('does without a volume that refuses it, and says so', async () => {
    const setting = await openSetting({
      temporal: cohortOf(() => []),
      change: (workspace) => ({
        ...workspace,
        files: {
          ...workspace.files,
          upload: async () => {
            throw answered(403, 'PERMISSION_DENIED');
          },
        },
      }),
    });
    const evidence = await setting.activities.writeHandover(setting.run, inForce(setting));
    expect(evidence).toMatch(/handover\.md; SHA-256 .*; not in \/Volumes\/main\/default\/workshop_logs\/.*PERMISSION/);
  });

  it('waits for a cohort that is silent, and then says that people are missing', async () => {
    const temporal = cohortOf(() => {
      throw new Error('nobody polls');
    });
    const setting = await openSetting({ temporal });
    expect(await failureOf(setting.activities.writeHandover(setting.run, inForce(setting)))).toMatchObject({
      type: 'NO_ANSWER',
      nonRetryable: false,
    });
    const last = new MockActivityEnvironment({ attempt: 4 }, { logger: new DefaultLogger('ERROR') });
    await setting.activitiesIn(last).writeHandover(setting.run, inForce(setting));
    const page = await readFile(join(setting.folder, setting.plan.id, 'handover.md'), 'utf8');
    expect(page).toContain('People are missing here');
  });
});

const title = `what is pasted from it does what it says${absent === undefined ? '' : ` (skipped: ${absent})`}`;
describe.skipIf(absent !== undefined)(title, () => {
  /** Two people with clusters that are stopped, a stranger's cluster, and the page. */
  async function written() {
    let seats: readonly Seat[] = [];
    const setting = await openSetting({ temporal: cohortOf(() => seats) });
    const { activities, run, admin } = setting;
    const { policyId, poolId } = await furnish(setting);
    for (const person of [ANN, BEN]) await openVolumesTo(setting, person);
    const make = async (email: string, key: string): Promise<Seat> => {
      const request = requestFor(setting, policyId, { email, userName: email, key });
      const { clusterId, name } = await activities.createCluster(run, request);
      const made = { id: clusterId, name, shared: true, verified: true, launchedAt: Date.now(), option: 0 };
      return { ...newSeat(key, email, 'attendee', 1), cluster: { ...made, state: 'TERMINATED' } };
    };
    seats = [await make(ANN, 'seat-of-ann'), await make(BEN, 'seat-of-ben')];
    const ids = seats.map(({ cluster }) => cluster?.id ?? '');
    for (const id of ids) await admin.clusters.delete(id);
    await expect.poll(() => states(setting, ids), { timeout: 10_000 }).toEqual(['TERMINATED', 'TERMINATED']);
    const inForceNow = inForce(setting, { poolId });
    await activities.writeHandover(run, inForceNow);
    const page = await readFile(join(setting.folder, setting.plan.id, 'handover.md'), 'utf8');
    return { setting, ids, poolId, paste: await terminal(setting, page) };
  }

  const states = ({ admin }: Setting, ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await admin.clusters.get(id)).state));

  it('starts and stops every cluster, and lists them by their tag', async () => {
    const { setting, ids, paste } = await written();
    expect((await paste('In every new terminal')).stdout).toContain('workshop-admin@example.com');
    await paste('Start every cluster');
    await expect.poll(() => states(setting, ids), { timeout: 20_000 }).toEqual(['RUNNING', 'RUNNING']);
    const { stdout } = await paste('How every cluster stands');
    const listed = stdout.trim().split('\n');
    expect(listed).toHaveLength(ids.length);
    for (const id of ids) expect(stdout).toMatch(new RegExp(`^${id}\tRUNNING\tclaude-code-workshop-`, 'm'));
    // One that runs already keeps no other from its turn.
    await setting.admin.clusters.delete(ids[1] ?? '');
    await expect.poll(() => states(setting, ids), { timeout: 10_000 }).toEqual(['RUNNING', 'TERMINATED']);
    await paste('Start every cluster');
    await expect.poll(() => states(setting, ids), { timeout: 20_000 }).toEqual(['RUNNING', 'RUNNING']);
    await paste('Stop every cluster');
    await expect.poll(() => states(setting, ids), { timeout: 10_000 }).toEqual(['TERMINATED', 'TERMINATED']);
  }, 90_000);

  it('takes away clusters and pool, also what still runs, and lists what is left', async () => {
    const { setting, ids, poolId, paste } = await written();
    const { admin, activities, run, plan, sandbox } = setting;
    await activities.setPoolMinimum(run, { plan, poolId, people: 2, minIdle: 1, gathering: true });
    await admin.clusters.start(ids[0] ?? '');
    await paste('Let the pool keep nothing waiting');
    expect((await admin.instancePools.get(poolId)).min_idle_instances).toBe(0);
    const before = await paste('List what is left');
    for (const id of [...ids, poolId]) expect(before.stdout).toContain(`${id}\t`);
    await paste('Delete every cluster for good');
    expect(alive(sandbox.books())).toEqual([]);
    await paste('Delete the pool');
    expect((await paste('List what is left')).stdout).toBe('');
  }, 90_000);

  it('asks the workspace about a cluster and the model, as the troubles say', async () => {
    const { setting, ids, poolId, paste } = await written();
    const cannotStart = await paste('6. A cluster does not start', ids[0]);
    for (const said of [ids[0], poolId, setting.plan.compute.policy]) expect(cannotStart.stdout).toContain(said);
    const { stdout } = await paste('5. The model does not answer');
    expect(stdout).toMatch(/^(200|400)\n/);
    expect(stdout).toContain(setting.plan.serving.model);
  }, 90_000);
});

/** A shell with the real CLI, signed in as the page says, in which one block of the page is pasted at a time. */
async function terminal({ sandbox, plan, folder }: Setting, page: string) {
  if ('absent' in found) throw new Error(found.absent);
  const home = await mkdtemp(join(folder, 'home-'));
  await symlink(found.path, join(home, 'databricks'));
  const profile = `[handover-${plan.id}]\nhost = ${sandbox.url}\ntoken = ${sandbox.adminToken}\n`;
  await writeFile(join(home, '.databrickscfg'), profile);
  const blockOf = (heading: string): string => {
    const [, after = ''] = page.split(`\n### ${heading}\n`);
    return /^```sh\n([^]*?)^```$/m.exec(after)?.[1] ?? expect.fail(`the page has no block "${heading}"`);
  };
  const before = /^export .*$/m.exec(page)?.[0] ?? '';
  const env = { HOME: home, PATH: `${home}:${process.env['PATH']}`, DATABRICKS_TOKEN: sandbox.adminToken };
  return (heading: string, clusterId = '') => {
    const pasted = blockOf(heading).replaceAll('CLUSTER_ID', clusterId);
    // The token is what a session on a cluster has; a profile goes before it only where it is chosen.
    const asInASession = pasted.includes('$DATABRICKS_TOKEN') ? '' : 'unset DATABRICKS_TOKEN\n';
    const script = `set -e\n${asInASession}${before}\n${pasted}`;
    return promisify(execFile)('bash', ['-c', script], { env, timeout: 60_000 });
  };
}
