/**
 * The sandbox: a Databricks workspace that runs on a laptop, over HTTP, as docs/facts/databricks.md describes the real
 * one.
 *
 * How the folder is laid out:
 * - `sandbox.ts` starts it; `workspace.ts` is everything there is in the workspace, one object for each resource;
 *   `routes.ts` lists every route. A folder for each kind of resource: what it is and does, and its routes in files
 *   that end in `-routes.ts` or, where there are few, beside it. `region` is what there is to choose from: node types
 *   and runtimes.
 * - `http` is the server: `router.ts` finds routes, `perform.ts` carries a request out, `errors.ts` holds the error
 *   bodies.
 * - `apps` are web apps: `app-life.ts` is how they go from state to state, `apps/running` is where the code of some of
 *   them runs, behind an address of its own.
 * - Time: `time/schedule.ts` is what will happen; nothing ticks, every request first lets happen what is due, each at
 *   its exact moment. `time/pace.ts` and `time/draws.ts` say how long things take.
 * - `nodes` are the machines behind the clusters, real or not; `disk` is where files lie that nodes see too, below
 *   the folder of `home.ts`.
 * - `faults` is what is to go wrong, as data.
 * - `books` is the record of all that was ever there and asked: `resource-history.ts` what came and went,
 *   `request-counts.ts` how often what was asked. `control` holds the few routes that a real workspace does not have.
 * - `state` keeps it all: a snapshot of every part, written soon after a change and read at the next start.
 *
 * Nothing here imports any other part of the product, so that one mistake cannot hide in both.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openBooks } from './books/books.ts';
import type { Books } from './books/books.ts';
import { openAppHosts } from './apps/running/open-app-hosts.ts';
import { carryOut } from './carry-out.ts';
import { createControl } from './control/control.ts';
import { ControlActs } from './control/control-acts.ts';
import { faultyRequests } from './faults/around-requests.ts';
import { authenticate } from './identity/sign-in/authenticate.ts';
import type { NewPerson } from './identity/principals.ts';
import { openHome } from './home.ts';
import { upgradeToNode } from './nodes/driver-proxy.ts';
import { Router } from './http/router.ts';
import { routesOf } from './routes.ts';
import type { SandboxOptions } from './sandbox-options.ts';
import { createWorkspaceServer } from './http/server.ts';
import { decideSettings, keptSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { openKeptState } from './state/kept-state.ts';
import type { KeptState } from './state/kept-state.ts';
import type { Snapshot } from './state/snapshot-file.ts';
import { Snapshots } from './state/snapshots.ts';
import { StateRefused } from './state/state-refused.ts';
import { Clock } from './time/clock.ts';
import { RequestCounts } from './books/request-counts.ts';
import { Workspace } from './workspace.ts';

export type { Fault, FaultInput } from './faults/fault.ts';
export { readFaultFile } from './faults/fault-file.ts';
export type { AppEntry } from './books/app-entries.ts';
export type { Books, ClusterEntry, PoolEntry } from './books/books.ts';
export type { Provisioning } from './clusters/fleet/provisioning.ts';
export type { NewPerson } from './identity/principals.ts';
export type { SandboxOptions } from './sandbox-options.ts';
export { keptIn } from './state/kept-state.ts';
export { StateRefused } from './state/state-refused.ts';

export interface Sandbox {
  readonly url: string;
  /** A secret: printed by the command line only. */
  readonly adminToken: string;
  readonly workspaceId: string;
  readonly adminUserName: string;
  /** How many times faster than a real workspace it lives. */
  readonly speed: number;
  /** What to know about the state it went on with, in sentences. */
  readonly remarks: readonly string[];
  /** What was ever created and asked, now. */
  books(): Books;
  /** Adds a user, by default active and in the group `users`; an existing one stays as it is. */
  addUser(person: string | NewPerson): void;
  /** Adds a group; members that do not exist are not invented. @throws {RangeError} for an unknown member. */
  addGroup(
    name: string,
    options?: { readonly members?: readonly string[]; readonly entitlements?: readonly string[] },
  ): void;
  /** A service principal with an OAuth secret, for clients that sign in with client credentials. */
  addServicePrincipal(
    name: string,
    options?: { readonly groups?: readonly string[] },
  ): { readonly clientId: string; readonly clientSecret: string };
  /** A new token of this user. @throws {RangeError} when there is no such user. */
  tokenFor(userName: string): string;
  /** Stops listening and drops every connection. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Starts a workspace on this machine. Without `state` it lives in memory: after `close` nothing is left of it.
 * @throws {RangeError} for a speed or launch rate that is not above zero, and for faults that are none;
 * {StateRefused} when the kept state cannot be gone on with; rejects with the system's error when the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const kept = options.state === undefined ? undefined : openKeptState(options.state);
  const ends: (() => void)[] = kept ? [() => kept.leave()] : [];
  try {
    return await started(options, kept, ends);
  } catch (error) {
    endAll(ends);
    throw error;
  }
}

/** @param ends what must be done in the end, last first; also when it could not be started. */
async function started(options: SandboxOptions, kept: KeptState | undefined, ends: (() => void)[]): Promise<Sandbox> {
  const past = kept?.past;
  const settings = past ? keptSettings(past.settings, options, options.state ?? '') : decideSettings(options);
  const nodes = options.nodes?.mode ?? 'simulated';
  if (past && past.nodes !== nodes) {
    throw new StateRefused(
      `The state in ${options.state} began with other nodes: ${past.nodes} there, and ${nodes} now, ` +
        'by choice or because this computer can have no real ones. Choose the same, or start with ' +
        'another folder.',
    );
  }
  const clock = new Clock(options.now ?? Date.now);
  const start = past?.start ?? clock.now();
  const home = openHome(options.state);
  ends.push(() => home.leave());

  const appHosts = openAppHosts(nodes, options.appPackages);
  const workspace = new Workspace({ ...settings, now: () => clock.now(), start, home, nodes: options.nodes, appHosts });
  const adminToken = past ? goOn(workspace, clock, past) : workspace.tokens.mint(workspace.admin, start).value;
  if (!past) workspace.history.lookAtPeople(start);

  const router = new Router(routesOf(workspace));
  const acts = new ControlActs(workspace, clock);
  const requestCounts = new RequestCounts();
  const server = createWorkspaceServer({
    workspace,
    requestCounts,
    router,
    callerOf: (authorization, path) => authenticate(workspace, authorization, path),
    carryOut: (asked) => carryOut(workspace, asked),
    around: [faultyRequests(workspace)],
    upgrade: (caller, request, socket, head) => upgradeToNode(workspace, caller, request, socket, head),
    control: createControl({ workspace, router, requestCounts, acts, clock }),
  });
  const url = await listening(server, options.port, past?.url);
  workspace.listensAt(url, past?.workspaceId);
  const remarks =
    past && url !== past.url
      ? [
          `It listens at ${url} now and not at ${past.url}, where it began. The id of the workspace ` +
            `stays ${workspace.id}.`,
        ]
      : [];
  if (kept) {
    const beginning = past ?? { start, url, workspaceId: workspace.id, nodes, settings: asJson(settings) };
    const snapshots = new Snapshots(kept.path, () => ({
      ...beginning,
      savedAt: clock.now(),
      aheadMs: clock.ahead(),
      parts: { ...workspace.state(), adminToken },
    }));
    snapshots.save();
    workspace.keepBy(snapshots);
    ends.push(() => snapshots.close());
  }
  workspace.nodes.serve(workspace, (socket) => server.emit('connection', socket));
  await appHosts.serve(workspace, (socket) => server.emit('connection', socket));
  workspace.runs.endLostRuns(workspace.advance());
  for (const userName of options.people ?? []) if (!workspace.principals.find(userName)) acts.addUser({ userName });

  return {
    url,
    adminToken,
    workspaceId: workspace.id,
    adminUserName: workspace.admin.userName,
    speed: settings.speed,
    remarks,
    books: () => openBooks(workspace, requestCounts),
    addUser: (person) => acts.addUser(typeof person === 'string' ? { userName: person } : person),
    addGroup: (name, { members = [], entitlements = [] } = {}) => acts.addGroup(name, members, entitlements),
    addServicePrincipal: (name, { groups = [] } = {}) => acts.addServicePrincipal(name, groups),
    tokenFor: (userName) => acts.mintToken(userName),
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      // First: connections that were handed on to nodes are not the server's any more, and yet it waits for them.
      await Promise.all([workspace.nodes.close(), appHosts.close()]);
      server.closeAllConnections();
      await closed;
      endAll(ends);
    },
  };
}

/** Does what must be done in the end, last first, all of it. @throws the first error of any. */
function endAll(ends: readonly (() => void)[]): void {
  const [end, ...rest] = ends;
  try {
    if (rest.length > 0) endAll(rest);
  } finally {
    end?.();
  }
}

/**
 * Takes back what was kept, and answers the admin's token.
 * @throws {StateRefused} when it does not fit this version of the sandbox.
 */
function goOn(workspace: Workspace, clock: Clock, { parts, aheadMs, savedAt, url, workspaceId }: Snapshot): string {
  try {
    workspace.restore(parts);
  } catch {
    throw new StateRefused(
      'The kept state does not fit this version of the sandbox. Use the version that wrote it, or ' +
        'start with another folder.',
    );
  }
  workspace.listensAt(url, workspaceId);
  clock.goOn(aheadMs, savedAt);
  return String(parts['adminToken']);
}

/** Without what was left undefined. */
const asJson = (settings: Settings): Snapshot['settings'] =>
  JSON.parse(JSON.stringify(settings)) as Snapshot['settings'];

/**
 * Where it listens: the port asked for, or where a kept state began, as clients know it there; any free one when that
 * is taken.
 */
async function listening(server: Server, port: number | undefined, before: string | undefined): Promise<string> {
  const wanted = port || (before === undefined ? 0 : Number(new URL(before).port));
  try {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if (port || wanted === 0) throw error;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
