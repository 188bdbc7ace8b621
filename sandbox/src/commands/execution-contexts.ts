import { z } from 'zod';
import type { Cluster } from '../clusters/cluster-model.ts';
import { isOver } from './context-model.ts';
import type { Command, CommandResults, ExecutionContext } from './context-model.ts';
import { invalidState, notFound } from '../http/errors.ts';
import type { Interpreter } from '../nodes/nodes.ts';
import type { Pace } from '../time/pace.ts';
import type { Principal } from '../identity/principals.ts';
import { SIMULATED } from '../nodes/simulated.ts';
import type { Workspace } from '../workspace.ts';

/** On one cluster (facts/databricks.md section 1). */
const MOST_CONTEXTS = 145;
const OPENING_MS = 1_000;
const SIMULATED_WORK_MS = 2_000;
const MOST_BYTES = 5 * 1_048_576;

const CANCELLED: CommandResults = { resultType: 'error', summary: 'Command cancelled', cause: 'Command cancelled' };

/** What comes from real nodes, about a command. */
const news = z.object({ output: z.string(), error: z.object({ summary: z.string(), cause: z.string() }).optional() });

/**
 * Execution contexts and their commands (API 1.2). Each context has an interpreter of its own, on a real node or in the books only;
 * commands run one after the other. They end with the cluster's run.
 */
export class ExecutionContexts {
  readonly #workspace: Workspace;
  readonly #pace: Pace;
  readonly #contexts = new Map<string, ExecutionContext>();
  readonly #interpreters = new Map<string, Interpreter>();

  constructor(workspace: Workspace, pace: Pace) {
    this.#workspace = workspace;
    this.#pace = pace;
    workspace.clusters.watch((cluster, at) => {
      if (cluster.state === 'RUNNING' || cluster.state === 'RESIZING') return;
      for (const context of this.#contexts.values()) if (context.cluster === cluster) this.destroy(context, at);
    });
    workspace.outcomes.on('command', (id, data, at) => this.#hear(id, news.parse(data), at));
    workspace.outcomes.on('context-lost', (id, _, at) => this.#lose(id, at));
  }

  /** @throws 400 INVALID_STATE when the cluster has as many as it can have. */
  create(cluster: Cluster, owner: Principal, at: number): ExecutionContext {
    const { chance, nodes, schedule } = this.#workspace;
    const there = [...this.#contexts.values()].filter((context) => context.cluster === cluster).length;
    if (there >= MOST_CONTEXTS)
      throw invalidState(`Too many execution contexts are open right now. (Limit set to ${MOST_CONTEXTS})`);
    const context: ExecutionContext = {
      id: `${1 + chance.below(8)}${String(chance.below(10 ** 14)).padStart(14, '0')}`,
      cluster,
      owner,
      node: nodes.kindOf(cluster),
      status: 'Pending',
      commands: new Map(),
    };
    this.#contexts.set(context.id, context);
    schedule.at(at + this.#pace.scaled(OPENING_MS), () => {
      if (context.status === 'Pending') context.status = 'Running';
    });
    this.#open(context);
    return context;
  }

  /** Their own only: what a context holds is nobody else's business. @throws 404. */
  get(cluster: Cluster, id: string, caller: Principal): ExecutionContext {
    const context = this.#contexts.get(id);
    if (!context || context.cluster !== cluster || context.owner !== caller)
      throw notFound(
        `Execution context ${id.slice(0, 60)} does not exist on cluster ${cluster.id}. Contexts end when their cluster stops or restarts: create a new one.`,
      );
    return context;
  }

  /** Ends it, and whatever runs in it. */
  destroy(context: ExecutionContext, at: number): void {
    this.#contexts.delete(context.id);
    this.#close(context);
    for (const command of context.commands.values())
      if (!isOver(command)) this.#end(command, 'Cancelled', CANCELLED, at);
  }

  /** @throws 400 INVALID_STATE in a context that was lost. */
  execute(context: ExecutionContext, code: string, at: number): Command {
    const { chance, clusters } = this.#workspace;
    if (context.status === 'Error')
      throw invalidState(`Execution context ${context.id} was lost when the sandbox was restarted: create a new one.`);
    const command: Command = { id: chance.hex(), context, code, status: 'Queued', results: undefined };
    context.commands.set(command.id, command);
    clusters.beginWork(context.cluster);
    if (context.node === 'real') void this.#interpret(command);
    this.#next(context, at);
    return command;
  }

  /** @throws 404. */
  command(context: ExecutionContext, id: string): Command {
    const command = context.commands.get(id);
    if (!command) throw notFound(`Command ${id.slice(0, 60)} does not exist in execution context ${context.id}.`);
    return command;
  }

  /** Ends a command. A real interpreter ends with it, so what it remembered and what was to follow is gone as well. */
  cancel(command: Command, at: number): void {
    if (isOver(command)) return;
    const { context } = command;
    this.#end(command, 'Cancelled', CANCELLED, at);
    if (context.node !== 'real') {
      this.#next(context, at);
      return;
    }
    for (const other of context.commands.values()) if (!isOver(other)) this.#end(other, 'Cancelled', CANCELLED, at);
    this.#close(context);
    this.#open(context);
  }

  /** After a restart of the sandbox: the interpreters on its nodes ended with it. */
  endLost(at: number): void {
    for (const context of this.#contexts.values()) {
      if (context.node === 'real' && context.status !== 'Error' && !this.#interpreters.has(context.id))
        this.#workspace.outcomes.report({ kind: 'context-lost', key: context.id, data: null }, at);
    }
  }

  #open({ id, cluster, owner, node }: ExecutionContext): void {
    if (node === 'real' && !this.#workspace.isReplaying)
      this.#interpreters.set(id, this.#workspace.nodes.openInterpreter(cluster, owner, 'python'));
  }

  #close({ id }: ExecutionContext): void {
    const interpreter = this.#interpreters.get(id);
    this.#interpreters.delete(id);
    interpreter?.close();
  }

  async #interpret(command: Command): Promise<void> {
    const data = await this.#interpreters.get(command.context.id)?.execute(command.code);
    const at = this.#workspace.advance();
    if (data && !isOver(command))
      this.#workspace.outcomes.report({ kind: 'command', key: `${command.context.id}/${command.id}`, data }, at);
  }

  #hear(key: string, { output, error }: z.output<typeof news>, at: number): void {
    const [contextId = '', id = ''] = key.split('/');
    const command = this.#contexts.get(contextId)?.commands.get(id);
    if (!command || isOver(command)) return;
    const bytes = Buffer.from(output);
    this.#end(
      command,
      'Finished',
      error
        ? {
            resultType: 'error',
            summary: error.summary,
            cause: error.cause.includes(output) ? error.cause : output + error.cause,
          }
        : { resultType: 'text', data: bytes.subarray(0, MOST_BYTES).toString(), truncated: bytes.length > MOST_BYTES },
      at,
    );
    this.#next(command.context, at);
  }

  #lose(id: string, at: number): void {
    const context = this.#contexts.get(id);
    if (!context) return;
    context.status = 'Error';
    const cause = 'The sandbox was restarted while this ran on one of its nodes. What it did until then is not known.';
    for (const command of context.commands.values())
      if (!isOver(command))
        this.#end(command, 'Error', { resultType: 'error', summary: 'Execution context lost', cause }, at);
  }

  /** The oldest command that waits begins, when none runs. */
  #next(context: ExecutionContext, at: number): void {
    const waiting = [...context.commands.values()].filter((command) => !isOver(command));
    const [command] = waiting;
    if (!command || command.status === 'Running') return;
    command.status = 'Running';
    if (context.node === 'real') return;
    this.#workspace.schedule.at(at + this.#pace.scaled(SIMULATED_WORK_MS), (now) => {
      if (isOver(command)) return;
      this.#end(command, 'Finished', { resultType: 'text', data: SIMULATED, truncated: false }, now);
      this.#next(context, now);
    });
  }

  #end(command: Command, status: Command['status'], results: CommandResults, at: number): void {
    command.status = status;
    command.results = results;
    this.#workspace.clusters.endWork(command.context.cluster, at);
  }
}
