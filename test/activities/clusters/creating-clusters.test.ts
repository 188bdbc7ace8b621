import { describe, expect, it, vi } from 'vitest';
import { CLUSTER_TAGS } from '../../../src/domain/replayed/made/cluster-spec.ts';
import { UnreachableError, type ClusterSpec, type Workspace } from '../../../src/databricks/workspace.ts';
import { alive, ANN, answered, BEN, failureOf, furnish, openSetting, requestsTo, requestFor } from '../setting.ts';

const CREATES = 'POST /api/2.1/clusters/create';

/** The workspace, with another way of creating clusters. */
const creating =
  (create: (real: Workspace['clusters'], spec: ClusterSpec) => Promise<{ clusterId: string }>) =>
  (workspace: Workspace): Workspace => ({
    ...workspace,
    clusters: { ...workspace.clusters, create: (spec) => create(workspace.clusters, spec) },
  });

const lostAnswer = () => new UnreachableError(CREATES, 'ECONNRESET', true, 'the connection broke', undefined);

describe('creating a cluster', () => {
  it('makes what the plan says, for the one person', async () => {
    const setting = await openSetting();
    const { activities, run, admin, plan } = setting;
    const { policyId, poolId } = await furnish(setting);
    const asked = Date.now();
    const found = await activities.createCluster(run, requestFor(setting, policyId, { poolId, generation: 3 }));
    const cluster = await admin.clusters.get(found.clusterId);
    expect(found.name).toBe('claude-code-workshop-spring-apps-ann');
    expect(found.launchedAt).toBeGreaterThanOrEqual(asked);
    expect(cluster).toMatchObject({
      cluster_name: found.name,
      single_user_name: ANN,
      data_security_mode: 'SINGLE_USER',
      policy_id: policyId,
      instance_pool_id: poolId,
      spark_version: plan.compute.sparkVersion,
      autotermination_minutes: plan.compute.autoTerminationMinutes,
      custom_tags: {
        [CLUSTER_TAGS.run]: run.runId,
        [CLUSTER_TAGS.id]: plan.id,
        [CLUSTER_TAGS.seat]: 'seat-of-ann',
        [CLUSTER_TAGS.generation]: '3',
      },
      init_scripts: [{ volumes: { destination: '/Volumes/main/default/init_scripts/install-claude-code.sh' } }],
      cluster_log_conf: { volumes: { destination: '/Volumes/main/default/workshop_logs' } },
    });
  });

  it('makes one, however often it is asked', async () => {
    const setting = await openSetting();
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    const first = await activities.createCluster(run, requestFor(setting, policyId));
    expect(await activities.createCluster(run, requestFor(setting, policyId))).toEqual({ ...first, earlier: true });
    expect(sandbox.books().clusters.map(({ id }) => id)).toEqual([first.clusterId]);
    expect(requestsTo(sandbox.books(), CREATES)).toBe(1);
  });

  it('finds what it made when the answer was lost', async () => {
    let lost = false;
    const setting = await openSetting({
      change: creating(async (real, spec) => {
        const made = await real.create(spec);
        if (lost) return made;
        lost = true;
        throw lostAnswer();
      }),
    });
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    expect(await failureOf(activities.createCluster(run, requestFor(setting, policyId)))).toMatchObject({
      type: 'UNREACHABLE',
      nonRetryable: false,
    });
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    expect(sandbox.books().clusters.map(({ id }) => id)).toEqual([clusterId]);
  });

  it('keeps the oldest when an earlier request arrived late', async () => {
    let earlier = '';
    const setting = await openSetting({
      change: creating(async (real, spec) => {
        earlier = (await real.create(spec)).clusterId;
        await new Promise((done) => setTimeout(done, 10));
        return real.create(spec);
      }),
    });
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    expect(await activities.createCluster(run, requestFor(setting, policyId))).toMatchObject({ clusterId: earlier });
    expect(sandbox.books().clusters).toHaveLength(2);
    expect(alive(sandbox.books())).toEqual([earlier]);
  });

  it('removes what a look before creating finds too many', async () => {
    const setting = await openSetting({
      change: creating(async (real, spec) => {
        await real.create(spec);
        await real.create(spec);
        throw lostAnswer();
      }),
    });
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    await failureOf(activities.createCluster(run, requestFor(setting, policyId)));
    expect(alive(sandbox.books())).toHaveLength(2);
    const { clusterId } = await activities.createCluster(run, requestFor(setting, policyId));
    expect(alive(sandbox.books())).toEqual([clusterId]);
  });

  it('ends with one when several attempts are under way at once', async () => {
    const setting = await openSetting();
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    const found = await Promise.all(
      [1, 2, 3, 4].map(() => activities.createCluster(run, requestFor(setting, policyId))),
    );
    const ids = new Set(found.map(({ clusterId }) => clusterId));
    expect(alive(sandbox.books())).toEqual([...ids]);
    expect(ids.size).toBe(1);
  });

  it('looks with few listings for fifty people at once', async () => {
    const setting = await openSetting({ people: Array.from({ length: 50 }, (_, i) => `attendee${i}@example.com`) });
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting, 50);
    const people = Array.from({ length: 50 }, (_, i) => ({
      key: `seat${i}`,
      email: `attendee${i}@example.com`,
      userName: `attendee${i}@example.com`,
    }));
    const found = await Promise.all(
      people.map((person) => activities.createCluster(run, requestFor(setting, policyId, person))),
    );
    const { clusters } = sandbox.books();
    expect(new Map(clusters.map(({ id, singleUser }) => [id, singleUser]))).toEqual(
      new Map(found.map(({ clusterId }, i) => [clusterId, people[i]?.userName])),
    );
    // One look each before and after would be a hundred.
    expect(requestsTo(sandbox.books(), 'GET /api/2.1/clusters/list')).toBeLessThan(50);
  });

  it('gives another generation, another seat and another run clusters of their own', async () => {
    const setting = await openSetting();
    const { activities, run, sandbox } = setting;
    const { policyId } = await furnish(setting);
    const found = [
      await activities.createCluster(run, requestFor(setting, policyId)),
      await activities.createCluster(run, requestFor(setting, policyId, { generation: 2 })),
      await activities.createCluster(
        run,
        requestFor(setting, policyId, { key: 'seat-of-ben', email: BEN, userName: BEN }),
      ),
      await activities.createCluster({ ...run, runId: 'another-run' }, requestFor(setting, policyId)),
    ];
    expect(new Set(found.map(({ clusterId }) => clusterId)).size).toBe(4);
    expect(alive(sandbox.books())).toHaveLength(4);
  });

  it('waits as long as the workspace asks when too many nodes are launched', async () => {
    const setting = await openSetting({ sandbox: { launch: { burst: 1, perSecond: 0.000_01 } } });
    const { activities, run } = setting;
    const { policyId } = await furnish(setting);
    await activities.createCluster(run, requestFor(setting, policyId));
    const failure = await failureOf(
      activities.createCluster(run, requestFor(setting, policyId, { key: 'seat-of-ben', email: BEN, userName: BEN })),
    );
    expect(failure).toMatchObject({ type: 'REQUEST_LIMIT_EXCEEDED', nonRetryable: false });
    expect(failure.nextRetryDelay).toBeGreaterThan(0);
  });

  it('does not insist on what the workspace refuses', async () => {
    const setting = await openSetting({
      change: creating(async () => {
        throw answered(400, 'INVALID_PARAMETER_VALUE');
      }),
    });
    const { policyId } = await furnish(setting);
    expect(await failureOf(setting.activities.createCluster(setting.run, requestFor(setting, policyId)))).toMatchObject(
      {
        type: 'INVALID_PARAMETER_VALUE',
        nonRetryable: true,
      },
    );
  });
});

describe('what launches teach', () => {
  it('leaves the worker with the result, and begins another worker that knows nothing', async () => {
    const setting = await openSetting({ sandbox: { launch: { burst: 1, perSecond: 1_000 } } });
    const { activities, run, workspace } = setting;
    const { policyId } = await furnish(setting);
    const made = await activities.createCluster(run, requestFor(setting, policyId));
    expect(made.launches).toEqual({ atOnce: 1 });
    const begun: unknown[] = [];
    vi.spyOn(workspace.launches, 'begin').mockImplementation((learnt) => void begun.push(learnt));
    const launches = { perSecond: 0.8, atOnce: 40 };
    await activities.stopCluster(run, { clusterId: made.clusterId });
    await vi.waitFor(async () => {
      expect((await workspace.clusters.get(made.clusterId)).state).toBe('TERMINATED');
    });
    const started = await activities.startCluster(run, { clusterId: made.clusterId, launches });
    expect(started).toMatchObject({ is: 'starting', launches: { atOnce: expect.any(Number) } });
    await activities.createCluster(run, requestFor(setting, policyId, { key: 'another', launches }));
    expect(begun).toEqual([launches, launches]);
  });
});
