import { isDedicated, scriptPlace } from '../cluster-spec.ts';
import type { ClusterSpec } from '../cluster-spec.ts';
import type { Cluster } from '../cluster-model.ts';
import type { VolumeFiles } from '../../catalog/volume-files.ts';
import type { Principals } from '../../identity/principals.ts';
import { LARGEST_SOURCE } from '../../disk/file-tree.ts';
import { TreeRefusal } from '../../disk/tree-refusal.ts';
import type { WorkspaceFiles } from '../../workspace-files/workspace-files.ts';
import { parseWorkspacePath } from '../../workspace-files/workspace-path.ts';

/** What of the workspace an init script touches. */
export interface InitScriptWorld {
  readonly volumeFiles: VolumeFiles;
  readonly workspaceFiles: WorkspaceFiles;
  readonly principals: Principals;
}

export interface ScriptOutcome {
  /** As the events carry it: `{volumes: {destination}}`. */
  readonly script: Readonly<Record<string, unknown>>;
  readonly status: 'SUCCEEDED' | 'FAILED_EXECUTION' | 'FAILED_FETCH' | 'NOT_EXECUTED';
  readonly error: string | undefined;
  readonly seconds: number;
}

/** What is told of a node on which they have run. */
export interface ScriptsRan {
  readonly launch: number;
  readonly outcomes: readonly ScriptOutcome[];
  /** Why it never came to the scripts. */
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
  /** Why what they printed is not in the log volume. */
  readonly logTrouble?: string | undefined;
}

type InitScript = NonNullable<ClusterSpec['init_scripts']>[number];

/** What a script is made to take where nothing is run. */
const SIMULATED_SECONDS = 20;

/**
 * With whose rights scripts are fetched and logs written: of the one user the cluster is dedicated to, not of whoever
 * created it; a shared cluster uses its creator's (docs/facts/databricks.md section 6).
 */
export const scriptReader = (cluster: Cluster): string =>
  isDedicated(cluster.spec) ? (cluster.spec.single_user_name ?? '') : cluster.creator.userName;

/**
 * Init scripts on a simulated node: one that can be fetched counts as having run well, unless a fault fails it. In
 * order; after a failure the rest is not run.
 */
export function simulateScripts(workspace: InitScriptWorld, cluster: Cluster, fault?: string): ScriptOutcome[] {
  const scripts = cluster.spec.init_scripts ?? [];
  let failed = false;
  return scripts.map((script): ScriptOutcome => {
    if (failed) return { script, status: 'NOT_EXECUTED', error: undefined, seconds: 0 };
    const fetched = fetchScript(workspace, cluster, script);
    if (typeof fetched !== 'string' && fault === undefined)
      return { script, status: 'SUCCEEDED', error: undefined, seconds: Math.round(SIMULATED_SECONDS / scripts.length) };
    failed = true;
    return typeof fetched === 'string'
      ? { script, status: 'FAILED_FETCH', error: fetched, seconds: 0 }
      : { script, status: 'FAILED_EXECUTION', error: fault, seconds: 1 };
  });
}

/** A script's text, or why it cannot be had, as a sentence. */
export function fetchScript(workspace: InitScriptWorld, cluster: Cluster, script: InitScript): Buffer | string {
  const place = scriptPlace(script);
  const fetched =
    place?.kind === 'volumes'
      ? fromVolume(workspace, cluster, place.destination)
      : place?.kind === 'workspace'
        ? fromWorkspace(workspace, cluster, place.destination)
        : 'nothing is stored there';
  return typeof fetched === 'string'
    ? `Init script ${place?.destination ?? ''} could not be fetched: ${fetched}`
    : fetched;
}

function fromVolume({ volumeFiles }: InitScriptWorld, cluster: Cluster, path: string): Buffer | string {
  return (
    volumeFiles.refusal(scriptReader(cluster), path, 'READ_VOLUME') ??
    volumeFiles.read(path) ??
    'the file does not exist'
  );
}

function fromWorkspace(
  { workspaceFiles, principals }: InitScriptWorld,
  cluster: Cluster,
  path: string,
): Buffer | string {
  const reader = principals.find(scriptReader(cluster));
  try {
    const object = workspaceFiles.find(parseWorkspacePath(path).names);
    if (!object) return 'the file does not exist';
    if (!reader || !workspaceFiles.allows(reader, object, 'CAN_READ'))
      return `${scriptReader(cluster)} may not read it`;
    if (object.size > LARGEST_SOURCE) return 'it is too large';
    return workspaceFiles.read(object) ?? 'the file does not exist';
  } catch (error) {
    if (error instanceof TreeRefusal) return 'a node keeps it to itself';
    throw error;
  }
}
