import type { ClusterParts } from '../clusters/cluster-parts.ts';
import type { VolumeFiles } from '../catalog/volume-files.ts';
import type { Nodes } from '../nodes/nodes.ts';
import type { Schedule } from '../time/schedule.ts';
import type { WorkspaceFiles } from '../workspace-files/workspace-files.ts';

/** Where the sources of tasks lie. */
export interface SourceParts {
  readonly volumeFiles: VolumeFiles;
  readonly workspaceFiles: WorkspaceFiles;
}

/** What runs need of the rest of the workspace. */
export interface RunWorld extends ClusterParts, SourceParts {
  readonly schedule: Schedule;
  readonly nodes: Nodes;
  /** The sandbox's own time, with everything done that was due by then. */
  advance(): number;
  /** Something happened outside of requests and the clock that is to outlive a restart. */
  changed(): void;
}
