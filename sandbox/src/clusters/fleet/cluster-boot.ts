import { record } from '../cluster-events.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { nodeAddress } from '../cluster-model.ts';
import type { TerminationReason } from '../cluster-spec.ts';
import type { Cluster, ClusterLaunch } from '../cluster-model.ts';
import { simulateScripts } from './init-scripts.ts';
import type { ScriptOutcome, ScriptsRan } from './init-scripts.ts';

const SCRIPT_MS = 20_000;

/** What booting a cluster, and seeing it idle, needs of the state machine. */
export interface Booting {
  readonly world: ClusterWorld;
  /** Dropped when something else has moved the cluster on by then. */
  later(cluster: Cluster, at: number, act: (at: number) => void): void;
  /** From here on it is RUNNING. */
  run(cluster: Cluster, launch: ClusterLaunch, at: number): void;
  terminate(cluster: Cluster, reason: TerminationReason, message: string, at: number): void;
}

/** The nodes are there, or on their way: `lasting` from now the cluster runs, if its init scripts let it. */
export function boot(cluster: Cluster, launch: ClusterLaunch, at: number, lasting: number, fleet: Booting): void {
  const { pace, nodes, outcomes } = fleet.world;
  const runningAt = at + lasting;
  const failure = launch.trouble?.kind === 'script-fails' ? launch.trouble.problem : undefined;
  if ((cluster.spec.init_scripts ?? []).length === 0) {
    fleet.later(cluster, runningAt, (now) =>
      failure === undefined ? fleet.run(cluster, launch, now) : failScripts(cluster, failure, now, fleet),
    );
    return;
  }
  const scriptsMs = Math.min(pace.scaled(SCRIPT_MS), Math.floor(lasting / 3));
  fleet.later(cluster, runningAt - scriptsMs, (now) => {
    scriptsStart(cluster, now);
    cluster.awaitsScripts = failure === undefined && nodes.bootsFor(cluster);
    if (cluster.awaitsScripts) nodes.boot(cluster);
  });
  const { epoch } = cluster;
  fleet.later(cluster, runningAt, (now) => {
    if (cluster.awaitsScripts) return;
    scriptsEnd(
      cluster,
      outcomes.see(`init-scripts/${cluster.id}#${cluster.launches.length}`, () =>
        simulateScripts(fleet.world, cluster, failure),
      ),
      now,
      fleet,
    );
    if (cluster.epoch === epoch) fleet.run(cluster, launch, now);
  });
}

/**
 * Init scripts have run on a real node: while the cluster booted, or later, when work first came to a node that had been
 * simulated until then. News of an earlier launch changes nothing.
 */
export function scriptsRan(
  cluster: Cluster,
  { launch, outcomes, logTrouble, failure }: ScriptsRan,
  at: number,
  fleet: Booting,
): void {
  if (cluster.launches.length !== launch) return;
  const wasAwaited = cluster.awaitsScripts;
  const { epoch } = cluster;
  if (!wasAwaited && cluster.state !== 'RUNNING') return;
  if (!wasAwaited) scriptsStart(cluster, at);
  cluster.awaitsScripts = false;
  cluster.scriptsRanInLaunch = launch;
  // No failure, only silence and this event (facts/databricks.md section 6).
  if (logTrouble !== undefined)
    record(cluster, 'UC_VOLUME_MISCONFIGURED', at, { databricks_error_message: logTrouble });
  if (failure)
    fleet.terminate(
      cluster,
      { code: failure.code, type: 'CLIENT_ERROR', parameters: { databricks_error_message: failure.message } },
      failure.message,
      at,
    );
  else scriptsEnd(cluster, outcomes, at, fleet);
  const last = cluster.launches.at(-1);
  if (wasAwaited && cluster.epoch === epoch && last) fleet.run(cluster, last, at);
}

const scriptsStart = (cluster: Cluster, at: number): void =>
  record(cluster, 'INIT_SCRIPTS_STARTED', at, { init_scripts: { cluster: cluster.spec.init_scripts } });

function scriptsEnd(cluster: Cluster, outcomes: readonly ScriptOutcome[], at: number, fleet: Booting): void {
  const lines = outcomes.map(({ script, status, error, seconds }) => ({
    ...script,
    status,
    execution_duration_seconds: seconds,
    ...(error === undefined ? {} : { error_message: error }),
  }));
  record(cluster, 'INIT_SCRIPTS_FINISHED', at, {
    init_scripts: { cluster: lines, reported_for_node: nodeAddress(cluster) },
    sandbox_node: cluster.node ?? 'simulated',
  });
  const problem = outcomes.find(({ error }) => error !== undefined)?.error;
  if (problem !== undefined) failScripts(cluster, problem, at, fleet);
}

function failScripts(cluster: Cluster, problem: string, at: number, fleet: Booting): void {
  const message = `Cluster scoped init script failed: ${problem}`;
  fleet.terminate(
    cluster,
    { code: 'INIT_SCRIPT_FAILURE', type: 'CLIENT_ERROR', parameters: { databricks_error_message: message } },
    `Init script failure: ${message}`,
    at,
  );
}
