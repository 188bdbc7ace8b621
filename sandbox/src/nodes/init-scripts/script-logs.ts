import { nodeAddress } from '../../clusters/cluster-model.ts';
import type { Cluster } from '../../clusters/cluster-model.ts';
import { scriptReader } from '../../clusters/fleet/init-scripts.ts';
import type { Machine } from '../machine/machine.ts';
import { parseVolumePath } from '../../catalog/volume-files.ts';
import type { ScriptLog } from './script-run.ts';
import type { NodesWorld } from '../nodes-world.ts';

/**
 * Puts what init scripts printed where the cluster's log configuration says, and on the node without one, under the
 * names of docs/facts/databricks.md section 6.
 * @returns why a volume got nothing, as a sentence: the cluster's user may not write there.
 */
export function deliverLogs(
  workspace: NodesWorld,
  machine: Machine,
  cluster: Cluster,
  logs: readonly ScriptLog[],
): string | undefined {
  const now = workspace.advance();
  const stamp = new Date(now).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  const files = logs.flatMap(({ name, stdout, stderr }, index) => {
    const stem = `${stamp}_${String(index).padStart(2, '0')}_${name}`;
    return [
      [`${stem}.stdout.log`, stdout],
      [`${stem}.stderr.log`, stderr],
    ] as const;
  });
  const volume = cluster.spec.cluster_log_conf?.volumes?.destination;
  if (volume === undefined) {
    for (const [name, text] of files) machine.put(`/databricks/init_scripts/${name}`, Buffer.from(text));
    return undefined;
  }
  const node = `${cluster.id}_${nodeAddress(cluster).replaceAll('.', '_')}`;
  const folder = `${volume.replace(/\/$/, '')}/${cluster.id}/init_scripts/${node}`;
  const refusal = workspace.volumeFiles.refusal(scriptReader(cluster), folder, 'WRITE_VOLUME');
  if (refusal !== undefined) return `Logs could not be delivered to ${volume}: ${refusal}`;
  try {
    workspace.volumeFiles.makeDirectory(parseVolumePath(folder), now);
    for (const [name, text] of files)
      workspace.volumeFiles.write(parseVolumePath(`${folder}/${name}`), Buffer.from(text), now);
    return undefined;
  } catch (error) {
    // Somebody put a file where the folder belongs, or the disk is full.
    return `Logs could not be delivered to ${volume}: ${(error as Error).message}`;
  }
}
