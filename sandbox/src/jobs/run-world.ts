import type { Chance } from '../chance.ts';
import type { ClusterParts } from '../clusters/cluster-parts.ts';
import type { VolumeFiles } from '../catalog/volume-files.ts';
import type { Nodes } from '../nodes/nodes.ts';
import type { Outcomes } from '../outcomes.ts';
import type { Schedule } from '../time/schedule.ts';
import type { WorkspaceFiles } from '../workspace-files/workspace-files.ts';

/** Where the sources of tasks lie. */
export interface SourceParts {
  readonly volumeFiles: VolumeFiles;
  readonly workspaceFiles: WorkspaceFiles;
}

/** What runs need of the rest of the workspace. */
export interface RunWorld extends ClusterParts, SourceParts {
  readonly chance: Chance;
  readonly schedule: Schedule;
  readonly outcomes: Outcomes;
  readonly nodes: Nodes;
  readonly isReplaying: boolean;
  /** The sandbox's own time, with everything done that was due by then. */
  advance(): number;
}
