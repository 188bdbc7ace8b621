import { isDedicated, scriptPlace } from './cluster-model.ts';
import type { Cluster, ClusterSpec } from './cluster-model.ts';
import type { VolumeFiles } from '../catalog/volume-files.ts';

/** What of the workspace an init script touches. */
export interface InitScriptWorld {
  readonly volumeFiles: VolumeFiles;
}

export interface ScriptOutcome {
  /** As the events carry it: `{volumes: {destination}}`. */
  readonly script: Readonly<Record<string, unknown>>;
  readonly status: 'SUCCEEDED' | 'FAILED_FETCH' | 'NOT_EXECUTED';
  readonly error: string | undefined;
}

/**
 * Whether each init script of a cluster can be fetched, with the grants of the one user the cluster is dedicated to, not of
 * whoever created it; a shared cluster uses its creator's (facts/databricks.md section 6). Scripts run in order; after a failure the rest is not run. The node is
 * simulated: a script that can be fetched counts as having run well.
 */
export function runInitScripts(workspace: InitScriptWorld, cluster: Cluster): ScriptOutcome[] {
  const reader = isDedicated(cluster.spec) ? (cluster.spec.single_user_name ?? '') : cluster.creator.userName;
  let failed = false;
  return (cluster.spec.init_scripts ?? []).map((script) => {
    if (failed) return { script, status: 'NOT_EXECUTED', error: undefined };
    const error = fetchProblem(workspace, reader, script);
    failed = error !== undefined;
    return { script, status: failed ? 'FAILED_FETCH' : 'SUCCEEDED', error };
  });
}

function fetchProblem(workspace: InitScriptWorld, reader: string, script: NonNullable<ClusterSpec['init_scripts']>[number]): string | undefined {
  const place = scriptPlace(script);
  if (place?.kind !== 'volumes') return `Init script ${place?.destination ?? ''} could not be fetched: nothing is stored there`;
  const { destination } = place;
  const refusal = workspace.volumeFiles.refusal(reader, destination, 'READ_VOLUME');
  if (refusal) return `Init script ${destination} could not be fetched: ${refusal}`;
  if (!workspace.volumeFiles.read(destination)) return `Init script ${destination} could not be fetched: the file does not exist`;
  return undefined;
}
