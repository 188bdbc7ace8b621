import { describe, expect, it, vi } from 'vitest';
import type { Workspace } from '../../../src/databricks/workspace.ts';
import { volumePath } from '../../../src/domain/replayed/made/volume-path.ts';
import {
  ANN,
  alive,
  answered,
  connect,
  detailOf,
  failureOf,
  furnish,
  openSetting,
  openVolumesTo,
  requestFor,
  type Setting,
} from '../setting.ts';

const stateOf = (setting: Setting, id: string) =>
  setting.sandbox.books().clusters.find((cluster) => cluster.id === id)?.state;

const seen = (setting: Setting, id: string, state: string) =>
  vi.waitFor(() => expect(stateOf(setting, id)).toBe(state), { timeout: 30_000, interval: 20 });

const grantsNothing = (workspace: Workspace): Workspace => ({
  ...workspace,
  permissions: { ...workspace.permissions, update: async () => ({ access_control_list: [] }) },
});

/** Ann's cluster, running, with everything it needs. */
async function running(setting: Setting) {
  const { policyId, poolId } = await furnish(setting);
  await openVolumesTo(setting, ANN);
  const request = requestFor(setting, policyId, { poolId });
  const { clusterId } = await setting.activities.createCluster(setting.run, request);
  await seen(setting, clusterId, 'RUNNING');
  return { clusterId, request };
}

/** A sandbox whose time passes only when the test says so. */
function ownClock() {
  let now = Date.now();
  return {
    sandbox: { speed: 1, now: () => now },
    pass: (minutes: number) => {
      now += minutes * 60_000;
    },
  };
}

async function stopped(setting: Setting) {
  const made = await running(setting);
  await setting.activities.stopCluster(setting.run, made);
  await seen(setting, made.clusterId, 'TERMINATED');
  return made;
}

describe('sharing a cluster', () => {
  it('lets its owner attach and wake it', async () => {
    const setting = await openSetting();
    const { activities, run, sandbox, admin } = setting;
    const { clusterId } = await stopped(setting);
    await activities.shareCluster(run, { clusterId, userName: ANN });
    await activities.shareCluster(run, { clusterId, userName: ANN });
    const lines = (await admin.permissions.get('clusters', clusterId)).access_control_list.filter(
      ({ user_name }) => user_name === ANN,
    );
    expect(lines).toMatchObject([{ all_permissions: [{ permission_level: 'CAN_RESTART' }] }]);
    // Waking also takes instances from the pool.
    await activities.openAccess(run, {
      plan: setting.plan,
      userName: ANN,
      poolId: (await admin.clusters.get(clusterId)).instance_pool_id,
    });
    await connect(sandbox, sandbox.tokenFor(ANN)).clusters.start(clusterId);
    await seen(setting, clusterId, 'RUNNING');
  });

  it('believes only what the workspace answers', async () => {
    const setting = await openSetting({ change: grantsNothing });
    const { policyId } = await furnish(setting);
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    const failure = await failureOf(setting.activities.shareCluster(setting.run, { clusterId, userName: ANN }));
    expect(failure).toMatchObject({ type: 'ACCESS_MISSING', nonRetryable: true });
    expect(failure.message).toContain(clusterId);
  });

  it('goes along with making it', async () => {
    const setting = await openSetting();
    const { policyId } = await furnish(setting);
    const request = { ...requestFor(setting, policyId), share: true };
    const made = await setting.activities.createCluster(setting.run, request);
    expect(made).toMatchObject({ shared: true });
    const { access_control_list: lines } = await setting.admin.permissions.get('clusters', made.clusterId);
    expect(lines).toContainEqual(expect.objectContaining({ user_name: ANN }));
    const again = await setting.activities.createCluster(setting.run, request);
    expect(again).toMatchObject({ clusterId: made.clusterId, earlier: true, shared: true });
  });

  it('is left for later where it was not granted: the cluster is made all the same', async () => {
    const setting = await openSetting({ change: grantsNothing });
    const { policyId } = await furnish(setting);
    const request = { ...requestFor(setting, policyId), share: true };
    const made = await setting.activities.createCluster(setting.run, request);
    expect(made).not.toHaveProperty('shared');
    expect(alive(setting.sandbox.books())).toEqual([made.clusterId]);
  });

  it('is final for somebody whom the workspace does not know', async () => {
    const setting = await openSetting();
    const { policyId } = await furnish(setting);
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    expect(
      await failureOf(setting.activities.shareCluster(setting.run, { clusterId, userName: 'nobody@example.com' })),
    ).toMatchObject({ nonRetryable: true });
  });
});

describe('verifying a cluster', () => {
  const asked = ({ plan }: Setting, clusterId: string) => ({ plan, clusterId });

  /** A cluster of which events say nothing, and the log of its init script, so long after its launch. */
  async function silent(words: string, afterMs: number) {
    const { sandbox } = ownClock();
    const setting = await openSetting({ sandbox });
    const { policyId } = await furnish(setting);
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    const folder = volumePath(setting.plan.unityCatalog.logs, clusterId);
    await setting.admin.files.createDirectory(folder);
    const { start_time: launched = 0 } = await setting.admin.clusters.get(clusterId);
    const at = new Date(launched + afterMs).toISOString().replace(/\.\d+Z$/, 'Z');
    await setting.admin.files.upload(`${folder}/init-script-claude.log`, Buffer.from(`${at} ${words}\n`), {
      overwrite: true,
    });
    return { setting, clusterId };
  }

  it("believes the script's own log of this launch where events say nothing", async () => {
    const { setting, clusterId } = await silent('+9s done in 9 s', 9_000);
    expect(await setting.activities.verifyCluster(setting.run, asked(setting, clusterId))).toEqual({
      scripts: 1,
      seen: 'log',
    });
    const old = await silent('+9s done in 9 s', -60_000);
    await expect(
      old.setting.activities.verifyCluster(old.setting.run, asked(old.setting, old.clusterId)),
    ).rejects.toThrow('no finished init script yet');
  });

  it('and when the log says that it failed, too', async () => {
    const { setting, clusterId } = await silent('+2s FAILED (20): The bundle is missing.', 2_000);
    const failure = await failureOf(setting.activities.verifyCluster(setting.run, asked(setting, clusterId)));
    expect(failure).toMatchObject({
      type: 'INIT_SCRIPT',
      nonRetryable: true,
      message: 'The init script ended as FAILED (20): The bundle is missing.',
    });
  });

  it("takes the init script's own event as evidence", async () => {
    const setting = await openSetting();
    const { clusterId } = await running(setting);
    expect(await setting.activities.verifyCluster(setting.run, asked(setting, clusterId))).toEqual({
      scripts: 1,
      seen: 'events',
    });
  });

  it('asks again while there is no such event yet', async () => {
    const { sandbox } = ownClock();
    const setting = await openSetting({ sandbox });
    const { policyId } = await furnish(setting);
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    const outcome = setting.activities.verifyCluster(setting.run, asked(setting, clusterId));
    await expect(outcome).rejects.toThrow('no finished init script yet');
    await expect(outcome).rejects.not.toHaveProperty('nonRetryable', true);
  });

  it('says INIT_SCRIPT, and where to read on, when the script failed', async () => {
    const setting = await openSetting();
    const { policyId } = await furnish(setting);
    // Nobody granted Ann the volume that her cluster reads the script from.
    const { clusterId } = await setting.activities.createCluster(setting.run, requestFor(setting, policyId));
    await seen(setting, clusterId, 'TERMINATED');
    const failure = await failureOf(setting.activities.verifyCluster(setting.run, asked(setting, clusterId)));
    expect(failure).toMatchObject({ type: 'INIT_SCRIPT', nonRetryable: true });
    expect(failure.message).toContain('USE CATALOG');
    expect(detailOf(failure).toDo).toContain('log');
  });
});

describe('stopping and starting', () => {
  it('can be asked twice each, and keeps the id', async () => {
    const setting = await openSetting();
    const { activities, run, sandbox } = setting;
    const { clusterId } = await running(setting);
    await activities.stopCluster(run, { clusterId });
    await activities.stopCluster(run, { clusterId });
    await seen(setting, clusterId, 'TERMINATED');
    await activities.stopCluster(run, { clusterId });
    expect(stateOf(setting, clusterId)).toBe('TERMINATED');
    expect(await activities.startCluster(run, { clusterId })).toMatchObject({ is: 'starting' });
    expect(await activities.startCluster(run, { clusterId })).toMatchObject({ is: 'starting' });
    await seen(setting, clusterId, 'RUNNING');
    expect(await activities.startCluster(run, { clusterId })).toMatchObject({ is: 'starting' });
    expect(
      sandbox
        .books()
        .clusters.find(({ id }) => id === clusterId)
        ?.history.map(({ state }) => state),
    ).toEqual(['PENDING', 'RUNNING', 'TERMINATING', 'TERMINATED', 'PENDING', 'RUNNING']);
  });

  it('is tried again while the cluster is still on its way down', async () => {
    const { sandbox, pass } = ownClock();
    const setting = await openSetting({ sandbox });
    const { activities, run } = setting;
    const { policyId } = await furnish(setting);
    await openVolumesTo(setting, ANN);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    pass(50);
    expect(stateOf(setting, clusterId)).toBe('RUNNING');
    await activities.stopCluster(run, { clusterId });
    expect(stateOf(setting, clusterId)).toBe('TERMINATING');
    expect(await failureOf(activities.startCluster(run, { clusterId }))).toMatchObject({
      type: 'INVALID_STATE',
      nonRetryable: false,
    });
    pass(5);
    expect(await activities.startCluster(run, { clusterId })).toMatchObject({ is: 'starting' });
  });

  it('tells when somebody has deleted it for good', async () => {
    const setting = await openSetting();
    const { activities, run, admin } = setting;
    const { clusterId } = await stopped(setting);
    await admin.clusters.permanentDelete(clusterId);
    expect(await activities.startCluster(run, { clusterId })).toBe('gone');
    await activities.stopCluster(run, { clusterId });
    expect(alive(setting.sandbox.books())).toEqual([]);
  });

  it('does not take a refusal for an absence', async () => {
    const refusing = async () => {
      throw answered(403, 'PERMISSION_DENIED');
    };
    const setting = await openSetting({
      change: (workspace) => ({ ...workspace, clusters: { ...workspace.clusters, start: refusing, delete: refusing } }),
    });
    for (const outcome of [
      setting.activities.startCluster(setting.run, { clusterId: 'one' }),
      setting.activities.stopCluster(setting.run, { clusterId: 'one' }),
    ]) {
      expect(await failureOf(outcome)).toMatchObject({ type: 'PERMISSION_DENIED', nonRetryable: true });
    }
  });
});

describe('moving a cluster to another node type', () => {
  it('leaves the pool and keeps id, owner, tags and script', async () => {
    const setting = await openSetting();
    const { activities, run, admin } = setting;
    const { clusterId, request } = await stopped(setting);
    const before = await admin.clusters.get(clusterId);
    const { poolId: _, ...outside } = request;
    await activities.moveCluster(run, { clusterId, request: { ...outside, nodeType: 'Standard_D4s_v5' } });
    const moved = await admin.clusters.get(clusterId);
    expect(before.instance_pool_id).toBe(request.poolId);
    expect(moved.instance_pool_id).toBeUndefined();
    expect(moved).toMatchObject({
      node_type_id: 'Standard_D4s_v5',
      single_user_name: ANN,
      custom_tags: before.custom_tags,
      policy_id: before.policy_id,
      init_scripts: before['init_scripts'],
      cluster_log_conf: before['cluster_log_conf'],
    });
    expect(await activities.startCluster(run, { clusterId })).toMatchObject({ is: 'starting' });
    await seen(setting, clusterId, 'RUNNING');
    expect(alive(setting.sandbox.books())).toEqual([clusterId]);
  });
});
