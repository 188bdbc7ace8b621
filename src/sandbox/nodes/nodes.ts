import type { Cluster } from '../clusters/cluster-model.ts';
import type { Principal } from '../identity/principals.ts';

/** How a result came about: on a node where things really run, or made up. Nothing simulated is ever reported as real. */
export type NodeKind = 'real' | 'simulated';

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

/** The far end of `databricks ssh`: the uploaded CLI, with the parameters of its bootstrap notebook (facts/ssh-and-claude.md). */
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

/** An interpreter that keeps its variables from one command to the next, as an execution context does. */
export interface Interpreter {
  /** Never rejects. Commands run one after the other. */
  execute(code: string): Promise<CommandOutcome>;
  /** Ends the command that runs, and the interpreter with it. */
  close(): void;
}

export interface CommandOutcome {
  readonly output: string;
  /** The last line of the trace, and the whole of it. */
  readonly error?: { readonly summary: string; readonly cause: string } | undefined;
}

/** The machines behind the clusters. Which of them are real is decided once for each cluster, in the order in which work comes to them. */
export interface Nodes {
  /** Decides, if it is not decided yet. Depends on nothing but the settings and what was asked before. */
  kindOf(cluster: Cluster): NodeKind;
  /** Decided already, or simulated until then. */
  knownKindOf(cluster: Cluster): NodeKind;
  /** Starts work on a cluster whose node is real. The node is brought up first, its init scripts included. */
  start(cluster: Cluster, runAs: Principal, task: Task): RunningTask;
  /** On a cluster whose node is real. */
  openInterpreter(cluster: Cluster, runAs: Principal, language: 'python' | 'sh'): Interpreter;
  /** The cluster does not run any more: everything on its node ends. */
  release(cluster: Cluster): void;
  /** Ends every node. */
  close(): Promise<void>;
}

/** Machines that exist in the books only. */
export const SIMULATED_ONLY: Nodes = {
  kindOf: () => 'simulated',
  knownKindOf: () => 'simulated',
  start: () => neverOnSimulated(),
  openInterpreter: () => neverOnSimulated(),
  release() {},
  async close() {},
};

function neverOnSimulated(): never {
  throw new Error('Work was started on a node that is simulated.');
}
