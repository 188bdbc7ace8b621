import { record } from '../cluster-events.ts';
import { nodeAddress } from '../cluster-model.ts';
import type { Cluster } from '../cluster-model.ts';
import type { ClusterLifecycle } from './cluster-steps.ts';
import { simulateScripts } from './init-scripts.ts';
import type { ScriptOutcome, ScriptsRan } from './init-scripts.ts';

const SCRIPT_MS = 20_000;

/** The nodes are there, or on their way: `lasting` from now the cluster runs, if its init scripts let it. */
export function boot(cluster: Cluster, at: number, lasting: number, life: ClusterLifecycle): void {
  const runningAt = at + lasting;
  if ((cluster.spec.init_scripts ?? []).length === 0) {
    const problem = plannedFailure(cluster);
    life.later(cluster, runningAt, problem === undefined ? { does: 'run' } : { does: 'fail-scripts', problem });
    return;
  }
  const scriptsMs = Math.min(life.world.pace.scaled(SCRIPT_MS), Math.floor(lasting / 3));
  life.later(cluster, runningAt - scriptsMs, { does: 'start-scripts' });
  life.later(cluster, runningAt, { does: 'end-scripts' });
}

/** On a real node they run now, and the cluster waits for them; on a simulated one it will have been so. */
export function startScripts(cluster: Cluster, at: number, { world: { nodes } }: ClusterLifecycle): void {
  recordStart(cluster, at);
  cluster.awaitsScripts = plannedFailure(cluster) === undefined && nodes.bootsFor(cluster);
  if (cluster.awaitsScripts) nodes.boot(cluster);
}

/** On a simulated node the scripts have ended. */
export function endScripts(cluster: Cluster, at: number, life: ClusterLifecycle): void {
  if (cluster.awaitsScripts) return;
  const { epoch } = cluster;
  recordEnd(cluster, simulateScripts(life.world, cluster, plannedFailure(cluster)), at, life);
  if (cluster.epoch === epoch) life.run(cluster, at);
}

/** With what a fault fails the scripts of this launch, if one does. */
function plannedFailure({ launches }: Cluster): string | undefined {
  const trouble = launches.at(-1)?.trouble;
  return trouble?.kind === 'script-fails' ? trouble.problem : undefined;
}

/**
 * Init scripts have run on a real node: while the cluster booted, or later, when work first came to a node that had
 * been simulated until then. News of an earlier launch changes nothing.
 */
export function scriptsRan(
  cluster: Cluster,
  { launch, outcomes, logTrouble, failure }: ScriptsRan,
  at: number,
  life: ClusterLifecycle,
): void {
  if (cluster.launches.length !== launch) return;
  const wasAwaited = cluster.awaitsScripts;
  const { epoch } = cluster;
  if (!wasAwaited && cluster.state !== 'RUNNING') return;
  if (!wasAwaited) recordStart(cluster, at);
  cluster.awaitsScripts = false;
  cluster.scriptsRanInLaunch = launch;
  // No failure, only silence and this event (docs/facts/databricks.md section 6).
  if (logTrouble !== undefined)
    record(cluster, 'UC_VOLUME_MISCONFIGURED', at, { databricks_error_message: logTrouble });
  if (failure)
    life.terminate(
      cluster,
      { code: failure.code, type: 'CLIENT_ERROR', parameters: { databricks_error_message: failure.message } },
      failure.message,
      at,
    );
  else recordEnd(cluster, outcomes, at, life);
  if (wasAwaited && cluster.epoch === epoch) life.run(cluster, at);
}

const recordStart = (cluster: Cluster, at: number): void =>
  record(cluster, 'INIT_SCRIPTS_STARTED', at, { init_scripts: { cluster: cluster.spec.init_scripts } });

function recordEnd(cluster: Cluster, outcomes: readonly ScriptOutcome[], at: number, life: ClusterLifecycle): void {
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
  if (problem !== undefined) failScripts(cluster, problem, at, life);
}

/** An init script has failed, and with it the launch. */
export function failScripts(cluster: Cluster, problem: string, at: number, life: ClusterLifecycle): void {
  const message = `Cluster scoped init script failed: ${problem}`;
  life.terminate(
    cluster,
    { code: 'INIT_SCRIPT_FAILURE', type: 'CLIENT_ERROR', parameters: { databricks_error_message: message } },
    `Init script failure: ${message}`,
    at,
  );
}
