import type { Plan } from '../../domain/plan/plan.ts';
import { INIT_SCRIPT } from '../../domain/replayed/made/claude-code.ts';
import { CLUSTER_TAGS, clusterName, clusterSpec } from '../../domain/replayed/made/cluster-spec.ts';
import { INIT_LOG, readInitLog, type InitLog } from '../../domain/logs/init-log.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import { meansClusterIsGone, type Cluster } from '../../databricks/workspace.ts';
import { holders } from '../people/access.ts';
import type { ActivityDeps } from '../deps.ts';
import { isForbidden, lasting } from '../retryable-failures.ts';
import type { ClusterListings } from './listings.ts';
import type { Run } from '../run.ts';
import { launchedAt } from './watch.ts';

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
}

export interface FoundCluster {
  readonly clusterId: string;
  readonly name: string;
  /** Epoch milliseconds at which its launch was asked for, by the workspace's clock. */
  readonly launchedAt: number;
  /** It was there already: when it was launched, only the workspace's clock tells. */
  readonly earlier?: true;
}

const initScriptFailed = (how: string) =>
  lasting('INIT_SCRIPT', `The init script ended as ${how}`, "Read its log in the logs volume, under the cluster's id.");

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

  const initLog = async (plan: Plan, clusterId: string): Promise<InitLog | undefined> => {
    const bytes = await workspace.files
      .download(volumePath(plan.unityCatalog.logs, clusterId, INIT_LOG))
      .catch((error: unknown) => {
        // Whoever may not read it has the events.
        if (isForbidden(error)) return undefined;
        throw error;
      });
    return bytes && readInitLog(bytes.toString('utf8'));
  };

  const found = (cluster: Cluster): FoundCluster => ({
    clusterId: cluster.cluster_id,
    name: cluster.cluster_name ?? cluster.cluster_id,
    launchedAt: launchedAt(cluster) ?? Date.now(),
  });

  return {
    /**
     * Looks, creates, looks: whatever answer was lost, the seat ends with one cluster, and a surplus one is removed
     * (docs/facts/databricks.md section 2: names are not unique and nothing else makes create safe to repeat).
     */
    async createCluster(run: Run, request: ClusterRequest): Promise<FoundCluster> {
      const earlier = await settle(run, request);
      if (earlier) return { ...found(earlier), earlier: true };
      const { clusterId } = await workspace.clusters.create({ ...specOf(run, request) });
      const oldest = await settle(run, request);
      return oldest ? found(oldest) : { clusterId, name: specOf(run, request).cluster_name, launchedAt: Date.now() };
    },

    /**
     * The person may attach, and wake it by connecting. Read back from the workspace's own answer, which carries the
     * resulting list.
     */
    async shareCluster(_run: Run, { clusterId, userName }: { clusterId: string; userName: string }): Promise<void> {
      const acl = await workspace.permissions.update('clusters', clusterId, [
        { user_name: userName, permission_level: 'CAN_RESTART' },
      ]);
      if (holders(acl, 'CAN_RESTART').has(userName.toLowerCase())) return;
      throw lasting(
        'ACCESS_MISSING',
        `${userName} still lacks CAN_RESTART on cluster ${clusterId} after it was granted.`,
        `databricks clusters set-permissions ${clusterId}: give ${userName} CAN_RESTART.`,
      );
    },

    /**
     * Evidence that the init script succeeded: the newest INIT_SCRIPTS_FINISHED event
     * (docs/facts/databricks.md section 3); where events say nothing, the script's own log of this launch, of which it
     * leaves a copy in the logs volume. Non-retryable INIT_SCRIPT when one of them says otherwise.
     */
    async verifyCluster(
      _run: Run,
      { clusterId, plan }: { clusterId: string; plan: Plan },
    ): Promise<{ scripts: number; seen: 'events' | 'log' }> {
      for await (const event of workspace.clusters.events(clusterId, {
        types: ['INIT_SCRIPTS_FINISHED'],
        order: 'DESC',
        pageSize: 1,
      })) {
        const runs = event.details?.init_scripts?.cluster ?? [];
        const failed = runs.find(({ status }) => status !== 'SUCCEEDED');
        if (failed) {
          const log = await initLog(plan, clusterId);
          const message = (failed.error_message ?? 'no message').slice(0, 300);
          const inLog = log && !log.done ? `; its log: ${log.said}` : '';
          throw initScriptFailed(`${failed.status ?? 'unknown'}: ${message}${inLog}`);
        }
        return { scripts: runs.length, seen: 'events' };
      }
      const log = await initLog(plan, clusterId);
      // The workspace's own time of the launch: our clock may be apart from it.
      const launch = log && launchedAt(await workspace.clusters.get(clusterId));
      if (log && log.at >= (launch ?? 0)) {
        if (log.done) return { scripts: 1, seen: 'log' };
        if (log.said.startsWith('FAILED')) throw initScriptFailed(log.said);
      }
      // Events may lag behind the state: asked again, and only then believed.
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
     */
    async startCluster(_run: Run, { clusterId }: { clusterId: string }): Promise<'starting' | 'gone'> {
      try {
        await workspace.clusters.start(clusterId);
        return 'starting';
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
