import type { Socket } from 'node:net';
import type { Cluster } from '../clusters/cluster-model.ts';
import type { NodeKind } from './node-kind.ts';
import type { Principal } from '../identity/principals.ts';
import type { NodesWorld } from './nodes-world.ts';

/** A Python file or the source of a notebook. */
export interface PythonTask {
  readonly kind: 'python';
  /** As traces name it: the path of the notebook or file. */
  readonly name: string;
  readonly source: string;
  readonly arguments: readonly string[];
  /** What `dbutils.widgets.get` answers. */
  readonly widgets: Readonly<Record<string, string>>;
}

/**
 * The far end of `databricks ssh`: the uploaded CLI, with the parameters of its bootstrap notebook
 * (docs/facts/ssh-and-claude.md).
 */
export interface SshServerTask {
  readonly kind: 'ssh-server';
  readonly parameters: Readonly<Record<string, string>>;
}

export type Task = PythonTask | SshServerTask;

export interface TaskOutcome {
  readonly succeeded: boolean;
  /** What it printed; the end of it, when it was a lot. */
  readonly output: string;
  /** What a notebook gave `dbutils.notebook.exit`. */
  readonly exitValue?: string | undefined;
  /** In one line, when it failed. */
  readonly error?: string | undefined;
  readonly trace?: string | undefined;
}

export interface RunningTask {
  /** Resolves when its first process runs; also when it never will. */
  readonly started: Promise<void>;
  /** Never rejects. */
  readonly ended: Promise<TaskOutcome>;
  /** Ends it soon; `ended` still resolves. */
  cancel(): void;
}

/** `auto`: real for the first few clusters that work comes to, simulated for the rest. */
export type NodesMode = 'real' | 'simulated' | 'auto';

/**
 * The machines behind the clusters. Which of them are real is decided once for each cluster, in the order in which
 * work comes to them.
 */
export interface Nodes {
  /**
   * Which clusters get a real node: all, none, or the first few. A kept state goes on with the same only. Simulated
   * without it.
   */
  readonly mode?: NodesMode;
  /**
   * Called once, before anything else.
   * @param onConnection takes every connection that a program on a node makes to the workspace.
   */
  serve(workspace: NodesWorld, onConnection: (socket: Socket) => void): void;
  /** Decides, if it is not decided yet. Depends on nothing but the settings and what was asked before. */
  kindOf(cluster: Cluster): NodeKind;
  /** Whether the node of a cluster that boots is real from the start: then its init scripts run there. */
  bootsFor(cluster: Cluster): boolean;
  /** Brings the node up and runs the init scripts; what comes of them is told to the clusters. */
  boot(cluster: Cluster): void;
  /** Starts work on a cluster whose node is real. The node is brought up first, its init scripts included. */
  start(cluster: Cluster, runAs: Principal, task: Task): RunningTask;
  /** A connection to a port of the cluster's node. Rejects when the node is not up or nothing listens there. */
  connect(cluster: Cluster, port: number): Promise<Socket>;
  /** The cluster does not run any more: everything on its node ends. */
  release(cluster: Cluster): void;
  /** Ends every node. */
  close(): Promise<void>;
}

/** Machines that exist in the books only. */
export const SIMULATED_ONLY: Nodes = {
  mode: 'simulated',
  serve() {},
  kindOf: () => 'simulated',
  bootsFor: () => false,
  boot() {},
  start: () => neverOnSimulated(),
  connect: () => Promise.reject(new Error('this node is simulated: nothing runs on it')),
  release() {},
  async close() {},
};

function neverOnSimulated(): never {
  throw new Error('Work was started on a node that is simulated.');
}
