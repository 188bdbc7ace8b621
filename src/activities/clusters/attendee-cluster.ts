import type { Plan } from '../../domain/plan/plan.ts';
import { INIT_SCRIPT } from '../../domain/replayed/made/claude-code.ts';
import { CLUSTER_TAGS, clusterName, clusterSpec } from '../../domain/replayed/made/cluster-spec.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import { meansClusterIsGone, type Cluster, type Workspace } from '../../databricks/workspace.ts';
import { holders } from '../people/access.ts';
import type { ActivityDeps } from '../deps.ts';
import { lasting } from '../retryable-failures.ts';
import type { ClusterListings } from './listings.ts';
import type { Run } from '../run.ts';
import { initScriptEvidence, type InitScriptEvidence } from './init-script-evidence.ts';
import { launchedAt } from './launched-at.ts';

/** Whose cluster, and what it is to be. */
export interface ClusterRequest {
  readonly plan: Plan;
  readonly key: string;
  readonly generation: number;
  readonly email: string;
  readonly userName: string;
  readonly policyId: string;
  /** Left out: outside the pool, on `nodeType` or the plan's own. */
  readonly poolId?: string | undefined;
  readonly nodeType?: string | undefined;
  /** Share it with the person, too. */
  readonly share?: boolean | undefined;
  /** What was known of the workspace's limit on launches when this seat's cluster was launched last. */
  readonly launches?: LearntHere | undefined;
}

/** What a worker has learnt of the workspace's limit on launches, by the plan's own clock. */
export type LearntHere = NonNullable<Workspace['launches']['learnt']>;

/** Histories from before there was anything to learn hold only the word. */
export interface StartedCluster {
  readonly is: 'starting' | 'gone';
  readonly launches?: LearntHere | undefined;
}

export interface FoundCluster {
  readonly clusterId: string;
  readonly name: string;
  /** Epoch milliseconds at which its launch was asked for, by the workspace's clock. */
  readonly launchedAt: number;
  /** It was there already: when it was launched, only the workspace's clock tells. */
  readonly earlier?: true;
  /** The person may use it. */
  readonly shared?: true;
  readonly launches?: LearntHere | undefined;
}

/** The cluster of one attendee: create, share, verify, stop, start. All idempotent. */
export const clusterActivities = ({ workspace }: ActivityDeps, listings: ClusterListings) => {
  const seatClusters = async (run: Run, { policyId, key, generation }: ClusterRequest) =>
    (await listings.ofPolicy(policyId))
      .filter(
        ({ custom_tags: tags }) =>
          tags?.[CLUSTER_TAGS.run] === run.runId &&
          tags[CLUSTER_TAGS.seat] === key &&
          tags[CLUSTER_TAGS.generation] === String(generation),
      )
      // Whoever looks must choose the same one, also when two were made in one millisecond.
      .sort((a, b) => (a.start_time ?? 0) - (b.start_time ?? 0) || (a.cluster_id < b.cluster_id ? -1 : 1));

  /**
   * The oldest cluster of the seat stays; others are the work of answers that were lost, or of two attempts at once.
   */
  const settle = async (run: Run, request: ClusterRequest): Promise<Cluster | undefined> => {
    const [oldest, ...surplus] = await seatClusters(run, request);
    for (const { cluster_id } of surplus) {
      await workspace.clusters.permanentDelete(cluster_id).catch((error: unknown) => {
        if (!meansClusterIsGone(error)) throw error;
      });
    }
    return oldest;
  };

  const specOf = (run: Run, request: ClusterRequest) =>
    clusterSpec({
      plan: request.plan,
      runId: run.runId,
      key: request.key,
      generation: request.generation,
      singleUserName: request.userName,
      policyId: request.policyId,
      name: clusterName(request.plan.id, { email: request.email, key: request.key }),
      ...(request.poolId === undefined ? {} : { poolId: request.poolId }),
      ...(request.nodeType === undefined ? {} : { nodeType: request.nodeType }),
      scriptPath: volumePath(request.plan.unityCatalog.scripts, INIT_SCRIPT),
      logsPath: volumePath(request.plan.unityCatalog.logs),
    });

  const found = (cluster: Cluster): FoundCluster => ({
    clusterId: cluster.cluster_id,
    name: cluster.cluster_name ?? cluster.cluster_id,
    launchedAt: launchedAt(cluster) ?? Date.now(),
  });

  const learnt = (): Pick<StartedCluster, 'launches'> => {
    const { learnt: launches } = workspace.launches;
    return launches ? { launches } : {};
  };

  /**
   * The person may attach, and wake it by connecting. Read back from the workspace's own answer, which carries the
   * resulting list. Idempotent.
   */
  const share = async ({ clusterId, userName }: { clusterId: string; userName: string }): Promise<void> => {
    const acl = await workspace.permissions.update('clusters', clusterId, [
      { user_name: userName, permission_level: 'CAN_RESTART' },
    ]);
    if (holders(acl, 'CAN_RESTART').has(userName.toLowerCase())) return;
    throw lasting(
      'ACCESS_MISSING',
      `${userName} still lacks CAN_RESTART on cluster ${clusterId} after it was granted.`,
      `databricks clusters set-permissions ${clusterId}: give ${userName} CAN_RESTART.`,
    );
  };

  /** Made all the same where it could not be shared: that is tried again by itself, and says then what is wrong. */
  const sharedIf = async (
    { share: isWanted, userName }: ClusterRequest,
    clusterId: string,
  ): Promise<Pick<FoundCluster, 'shared'>> => {
    if (!isWanted) return {};
    const isDone = await share({ clusterId, userName }).then(
      () => true,
      () => false,
    );
    return isDone ? { shared: true } : {};
  };

  return {
    /**
     * Looks, creates, looks: whatever answer was lost, the seat ends with one cluster, and a surplus one is removed
     * (docs/facts/databricks.md section 2: names are not unique and nothing else makes create safe to repeat).
     */
    async createCluster(run: Run, request: ClusterRequest): Promise<FoundCluster> {
      const earlier = await settle(run, request);
      if (earlier)
        return { ...found(earlier), earlier: true, ...learnt(), ...(await sharedIf(request, earlier.cluster_id)) };
      if (request.launches) workspace.launches.begin(request.launches);
      const { clusterId } = await workspace.clusters.create({ ...specOf(run, request) });
      const oldest = await settle(run, request);
      const made = oldest
        ? found(oldest)
        : { clusterId, name: specOf(run, request).cluster_name, launchedAt: Date.now() };
      return { ...made, ...learnt(), ...(await sharedIf(request, made.clusterId)) };
    },

    shareCluster: (_run: Run, whose: { clusterId: string; userName: string }): Promise<void> => share(whose),

    /** Waits for evidence that the init script succeeded, and fails as `initScriptEvidence` does. */
    async verifyCluster(
      _run: Run,
      { clusterId, plan }: { clusterId: string; plan: Plan },
    ): Promise<InitScriptEvidence> {
      const evidence = await initScriptEvidence(workspace, { clusterId, plan });
      if (evidence) return evidence;
      // Asked again, and only then believed.
      throw new Error(`Cluster ${clusterId} runs, but its events show no finished init script yet.`);
    },

    /** Idempotent: a cluster that is down, or gone, is stopped. It keeps its id and can be started again. */
    async stopCluster(_run: Run, { clusterId }: { clusterId: string }): Promise<void> {
      try {
        await workspace.clusters.delete(clusterId);
      } catch (error) {
        if (!meansClusterIsGone(error)) throw error;
      }
    },

    /**
     * Idempotent. The id stays, so the person's ssh alias goes on working. Returns `gone` when somebody deleted it for
     * good.
     * @param wish with what was known of launches when it was launched last: a worker that knows nothing begins with it
     */
    async startCluster(
      _run: Run,
      { clusterId, launches }: { clusterId: string; launches?: LearntHere | undefined },
    ): Promise<StartedCluster | StartedCluster['is']> {
      try {
        if (launches) workspace.launches.begin(launches);
        await workspace.clusters.start(clusterId);
        return { is: 'starting', ...learnt() };
      } catch (error) {
        if (meansClusterIsGone(error)) return 'gone';
        throw error;
      }
    },

    /**
     * Gives a stopped cluster another node type, outside the pool. The whole specification is sent again: edit
     * replaces.
     */
    async moveCluster(run: Run, { clusterId, request }: { clusterId: string; request: ClusterRequest }): Promise<void> {
      await workspace.clusters.edit({ ...specOf(run, request), cluster_id: clusterId });
    },
  };
};
