import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeAddress } from '../clusters/cluster-model.ts';
import type { Cluster } from '../clusters/cluster-model.ts';
import type { Principal } from '../identity/principals.ts';
import { LOGIN, PRIVILEGED } from './machine/login.ts';
import { Machine } from './machine/machine.ts';
import { layOutRoot } from './machine/machine-root.ts';
import { initScriptEnvironment, sshServerEnvironment, taskEnvironment } from './machine/node-environment.ts';
import { foldersSeenBy } from './machine/node-folders.ts';
import type { NodeKind } from './node-kind.ts';
import type { Nodes, NodesMode, RunningTask, Task, TaskOutcome } from './nodes.ts';
import { runPython } from './machine/python-program.ts';
import { deliverLogs } from './init-scripts/script-logs.ts';
import { removeRoot, setAside } from './machine/remove-root.ts';
import { runScripts } from './init-scripts/script-run.ts';
import type { ScriptsRan } from '../clusters/fleet/init-scripts.ts';
import { serveSsh } from './ssh-server.ts';
import type { NodesWorld } from './nodes-world.ts';
import { ownVariables, workContext } from './node-rights.ts';

export interface RealNodesSettings {
  /** How many clusters get a real node, and one more for somebody's own; the others are simulated. */
  readonly most: number;
  /** Real from the first boot on, or only when work comes to them. */
  readonly fromBoot: boolean;
}

/** One cluster's machine, from its first work until the cluster stops. */
interface Node {
  readonly cluster: Cluster;
  readonly socketFolder: string;
  /** What is mounted, as text: compared with what should be. */
  mounted: string;
  /** Rejects when it did not come up. */
  machine: Promise<Machine>;
  /** How much would be lost if it were renewed now: its own start, and programs. */
  busy: number;
}

const STOPPED: TaskOutcome = { succeeded: false, output: '', error: 'The sandbox was stopped while this ran.' };

/** Programs on a node make no requests while people type: the clock has to be looked at without them. */
const LOOK_MS = 1_000;

/**
 * Machines that are there: bubblewrap roots on this computer, one for each cluster, brought up when they are needed.
 */
export class RealNodes implements Nodes {
  readonly mode: NodesMode;
  readonly #settings: RealNodesSettings;
  readonly #real = new Set<Cluster>();
  readonly #nodes = new Map<string, Node>();
  #workspace: NodesWorld | undefined;
  #onConnection: (socket: Socket) => void = (socket) => socket.destroy();
  #looking: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(settings: RealNodesSettings) {
    this.#settings = settings;
    this.mode = settings.fromBoot ? 'real' : 'auto';
  }

  /** @param onConnection takes connections from nodes to the workspace. */
  serve(workspace: NodesWorld, onConnection: (socket: Socket) => void): void {
    this.#workspace = workspace;
    this.#onConnection = onConnection;
    this.#removeLeftRoots(workspace);
    for (const cluster of workspace.clusters.everMade()) if (cluster.node === 'real') this.#real.add(cluster);
    workspace.clusters.resumeBoots();
    workspace.clusters.watch((cluster) => {
      if (cluster.state === 'TERMINATING' || cluster.state === 'RESTARTING') this.release(cluster);
    });
  }

  kindOf(cluster: Cluster): NodeKind {
    if (!cluster.node && this.#hasRoomFor(cluster)) {
      this.#real.add(cluster);
      cluster.node = 'real';
    }
    cluster.node ??= 'simulated';
    return cluster.node;
  }

  /**
   * One that was permanently deleted leaves its place. Whoever makes a cluster for themselves means to look at it,
   * however many others made for them there are.
   */
  #hasRoomFor(cluster: Cluster): boolean {
    for (const one of this.#real) if (one.removedAt !== undefined) this.#real.delete(one);
    const isOwn = cluster.spec.single_user_name === cluster.creator.userName;
    return this.#real.size < this.#settings.most + (isOwn ? 1 : 0);
  }

  bootsFor(cluster: Cluster): boolean {
    return (this.#settings.fromBoot ? this.kindOf(cluster) : cluster.node) === 'real';
  }

  boot(cluster: Cluster): void {
    // Before it serves, nobody waits: what waits then is booted as soon as it does.
    if (!this.#workspace) return;
    this.#machineOf(cluster).catch((error: unknown) =>
      this.#report(cluster, {
        launch: cluster.launches.length,
        outcomes: [],
        failure: { code: 'UNEXPECTED_LAUNCH_FAILURE', message: (error as Error).message },
      }),
    );
  }

  start(cluster: Cluster, runAs: Principal, task: Task): RunningTask {
    let running: RunningTask | undefined;
    let cancelled = false;
    const begun = this.#machineOf(cluster).then((machine) => {
      running = this.#begin(machine, cluster, runAs, task);
      if (cancelled) running.cancel();
      return running;
    });
    return {
      started: begun.then(
        (one) => one.started,
        () => {},
      ),
      ended: begun.then(
        (one) => one.ended.then((outcome) => (this.#isClosed ? STOPPED : outcome)),
        (error: unknown): TaskOutcome => ({ succeeded: false, output: '', error: (error as Error).message }),
      ),
      cancel() {
        cancelled = true;
        running?.cancel();
      },
    };
  }

  async connect(cluster: Cluster, port: number): Promise<Socket> {
    const node = this.#nodes.get(cluster.id);
    if (!node) throw new Error('nothing runs on this node');
    return (await node.machine).connect(port);
  }

  release(cluster: Cluster): void {
    const node = this.#nodes.get(cluster.id);
    if (!node) return;
    this.#nodes.delete(cluster.id);
    // At once, for the cluster may be started again before this machine has ended.
    const left = setAside(this.#rootOf(cluster));
    void this.#end(node).then(() => removeRoot(left));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#looking);
    const all = [...this.#nodes.values()];
    this.#nodes.clear();
    await Promise.all(all.map((node) => this.#end(node)));
  }

  /** Of clusters that stopped while no sandbox was there to see it. */
  #removeLeftRoots(workspace: NodesWorld): void {
    const up = new Set(
      [...workspace.clusters.everMade()].flatMap((cluster) =>
        cluster.state === 'TERMINATED' || cluster.state === 'TERMINATING' ? [] : [cluster.id],
      ),
    );
    for (const name of readdirSync(workspace.home.nodes))
      if (!up.has(name)) void removeRoot(setAside(join(workspace.home.nodes, name)));
  }

  async #end(node: Node): Promise<void> {
    await node.machine.then(
      (machine) => machine.stop(),
      () => {},
    );
    rmSync(node.socketFolder, { recursive: true, force: true });
  }

  /**
   * The cluster's machine, brought up first if need be; a machine at rest is renewed when its user may see other
   * folders by now.
   */
  #machineOf(cluster: Cluster): Promise<Machine> {
    const workspace = this.#there();
    const mounts = foldersSeenBy(workspace, cluster);
    const wanted = JSON.stringify(mounts);
    const known = this.#nodes.get(cluster.id);
    if (known && (known.busy > 0 || known.mounted === wanted)) return known.machine;

    const start = async (node: Node): Promise<Machine> => {
      const hostName = `ip-${nodeAddress(cluster).replaceAll('.', '-')}`;
      layOutRoot(this.#rootOf(cluster), hostName, LOGIN);
      for (const { from } of mounts) mkdirSync(from, { recursive: true });
      const machine = await Machine.start(
        {
          root: this.#rootOf(cluster),
          socketFolder: node.socketFolder,
          programs: join(import.meta.dirname, 'machine'),
          hostName,
          workspacePort: Number(new URL(workspace.url()).port),
          mounts,
          login: LOGIN,
          privileged: PRIVILEGED,
        },
        this.#onConnection,
      );
      void machine.gone.finally(() => {
        if (this.#nodes.get(cluster.id) === node) this.#nodes.delete(cluster.id);
      });
      return machine;
    };
    const node: Node = {
      cluster,
      socketFolder: mkdtempSync(join(tmpdir(), 'dbx-')),
      mounted: wanted,
      busy: 1,
      machine: Promise.reject(new Error('not started')),
    };
    node.machine.catch(() => {});
    node.machine = (known ? this.#end(known) : Promise.resolve())
      .then(() => start(node))
      .then(async (machine) => {
        try {
          return await this.#prepare(node, machine);
        } catch (error) {
          await machine.stop();
          throw error;
        }
      })
      .finally(() => {
        node.busy -= 1;
      });
    node.machine.catch(() => {
      if (this.#nodes.get(cluster.id) === node) this.#nodes.delete(cluster.id);
      rmSync(node.socketFolder, { recursive: true, force: true });
    });
    this.#nodes.set(cluster.id, node);
    this.#looking ??= setInterval(() => workspace.advance(), LOOK_MS).unref();
    return node.machine;
  }

  /** Init scripts run once in each launch of the cluster, before anything else does. @throws {Error} when one fails. */
  async #prepare(node: Node, machine: Machine): Promise<Machine> {
    const { cluster } = node;
    const launch = cluster.launches.length;
    if (cluster.scriptsRanInLaunch === launch || (cluster.spec.init_scripts ?? []).length === 0) return machine;
    const workspace = this.#there();
    const { outcomes, logs } = await runScripts(
      workspace,
      machine,
      cluster,
      initScriptEnvironment(cluster, ownVariables(this.#there(), cluster)),
    );
    const logTrouble = deliverLogs(workspace, machine, cluster, logs);
    if (this.#nodes.get(cluster.id) === node) this.#report(cluster, { launch, outcomes, logTrouble });
    const problem = outcomes.find((one) => one.error !== undefined)?.error;
    if (problem !== undefined) throw new Error(`An init script failed on the node: ${problem}`);
    return machine;
  }

  #begin(machine: Machine, cluster: Cluster, runAs: Principal, task: Task): RunningTask {
    const node = this.#nodes.get(cluster.id);
    const context = workContext(this.#there(), cluster, runAs);
    const own = ownVariables(this.#there(), cluster);
    const running =
      task.kind === 'python'
        ? runPython(machine, taskEnvironment(cluster, own), task, context)
        : serveSsh(machine, cluster, runAs, task, sshServerEnvironment(cluster, own, context.host, context.token));
    if (node) node.busy += 1;
    const ended = running.ended.finally(() => {
      if (node) node.busy -= 1;
      context.end();
    });
    return { ...running, ended };
  }

  #report(cluster: Cluster, ran: ScriptsRan): void {
    const workspace = this.#there();
    workspace.clusters.scriptsRan(cluster, ran, workspace.advance());
    workspace.changed();
  }

  #rootOf(cluster: Cluster): string {
    return join(this.#there().home.nodes, cluster.id);
  }

  #there(): NodesWorld {
    if (!this.#workspace) throw new Error('The nodes have no workspace yet.');
    return this.#workspace;
  }
}
