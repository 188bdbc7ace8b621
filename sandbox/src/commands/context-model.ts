import type { Cluster } from '../clusters/cluster-model.ts';
import type { NodeKind } from '../nodes/nodes.ts';
import type { Principal } from '../identity/principals.ts';

/** An interpreter on a cluster that remembers from one command to the next. */
export interface ExecutionContext {
  readonly id: string;
  readonly cluster: Cluster;
  readonly owner: Principal;
  readonly node: NodeKind;
  status: 'Pending' | 'Running' | 'Error';
  readonly commands: Map<string, Command>;
}

/** The results of a command, as API 1.2 writes them. */
export type CommandResults =
  | { readonly resultType: 'text'; readonly data: string; readonly truncated: boolean }
  | { readonly resultType: 'error'; readonly summary: string; readonly cause: string };

export interface Command {
  readonly id: string;
  readonly context: ExecutionContext;
  readonly code: string;
  status: 'Queued' | 'Running' | 'Cancelled' | 'Finished' | 'Error';
  results: CommandResults | undefined;
}

export const isOver = ({ status }: Command): boolean => status !== 'Queued' && status !== 'Running';
