/**
 * The sandbox: a Databricks workspace that runs on a laptop, over HTTP, as facts/databricks.md describes the real one.
 *
 * How the folder is laid out:
 * - `sandbox.ts` starts it; `workspace.ts` is everything there is in the workspace, one object for each resource; `routes.ts` lists
 *   every route. A folder for each kind of resource, and in it a file for each resource with its routes.
 * - `http` is the server: `router.ts` finds routes, `perform.ts` carries a request out, `errors.ts` holds the error bodies.
 * - Time: `time/schedule.ts` is what will happen; nothing ticks, every request first lets happen what is due, each at its exact moment.
 *   `time/pace.ts` and `time/draws.ts` say how long things take; `chance.ts` is where ids and tokens come from.
 * - `books` keeps the books, with the few routes that a real workspace does not have; `home.ts` is the folder on disk.
 *
 * Nothing here imports any other part of the product, so that one mistake cannot hide in both.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { openBooks } from './books/books.ts';
import type { Books } from './books/books.ts';
import { controlReply } from './books/control.ts';
import type { LaunchRate } from './clusters/launch-bucket.ts';
import { notFound } from './http/errors.ts';
import type { NewPerson } from './identity/principals.ts';
import { openHome } from './home.ts';
import type { Nodes } from './nodes/nodes.ts';
import { Router } from './http/router.ts';
import { routesOf } from './routes.ts';
import { createWorkspaceServer } from './http/server.ts';
import { Tally } from './books/tally.ts';
import { Workspace } from './workspace.ts';

export type { Books, ClusterEntry, PoolEntry } from './books/books.ts';
export type { Provisioning } from './clusters/provisioning.ts';
export type { NewPerson } from './identity/principals.ts';

export interface SandboxOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** How many times faster than a real workspace nodes are acquired, boot and stop, and the launch rate refills. Default 1. */
  readonly speed?: number;
  /** The same for auto-termination, which waits for people. Default 1. */
  readonly idleSpeed?: number;
  /** Email addresses that exist as active users. */
  readonly people?: readonly string[];
  /** Boot times are drawn from it; the same seed gives the same times. */
  readonly seed?: string;
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number;
  /** How many nodes may be launched at once and per (unscaled) second. Default 200 and 1. */
  readonly launch?: LaunchRate;
  /** For each serving endpoint. Default ten million. */
  readonly outputTokensPerMinute?: number;
  readonly adminUserName?: string;
  /** The machines behind the clusters; they exist in the books only without it. */
  readonly nodes?: Nodes;
}

export interface Sandbox {
  readonly url: string;
  /** A secret: printed by the command line only. */
  readonly adminToken: string;
  readonly workspaceId: string;
  readonly adminUserName: string;
  /** What was ever created and asked, now. */
  books(): Books;
  /** Adds a user, by default active and in the group `users`; an existing one stays as it is. */
  addUser(person: string | NewPerson): void;
  /** Adds a group; members that do not exist are not invented. @throws {RangeError} for an unknown member. */
  addGroup(name: string, options?: { readonly members?: readonly string[]; readonly entitlements?: readonly string[] }): void;
  /** A service principal with an OAuth secret, for clients that sign in with client credentials. */
  addServicePrincipal(name: string, options?: { readonly groups?: readonly string[] }): { readonly clientId: string; readonly clientSecret: string };
  /** A new token of this user. @throws {RangeError} when there is no such user. */
  tokenFor(userName: string): string;
  /** Stops listening and drops every connection. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Starts a workspace on this machine. It lives in memory: after `close` nothing is left of it.
 * @throws {RangeError} for a speed or launch rate that is not above zero; rejects with the system's error when the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const speed = positive('speed', options.speed ?? 1);
  const idleSpeed = positive('idleSpeed', options.idleSpeed ?? 1);
  const launch = options.launch ?? { burst: 200, perSecond: 1 };
  positive('launch.burst', launch.burst);
  positive('launch.perSecond', launch.perSecond);
  const home = openHome();
  const workspace = new Workspace({
    seed: options.seed ?? 'sandbox',
    speed,
    idleSpeed,
    launch,
    outputTokensPerMinute: options.outputTokensPerMinute ?? 10_000_000,
    adminUserName: options.adminUserName ?? 'workshop-admin@example.com',
    people: options.people ?? [],
    now: options.now ?? Date.now,
    home,
    nodes: options.nodes,
  });
  const tally = new Tally();
  const { principals } = workspace;
  const server = createWorkspaceServer({
    workspace,
    tally,
    router: new Router(routesOf(workspace)),
    around: [],
    upgrade() {
      throw notFound('There is nothing here to connect to.', 'ENDPOINT_NOT_FOUND');
    },
    control: (request, rawPath, query) => controlReply(workspace, tally, request, rawPath, query),
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    home.leave();
    throw error;
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  workspace.listensAt(url);

  const known = (userName: string) => {
    const principal = principals.find(userName);
    if (!principal) throw new RangeError(`There is no user ${userName} in the sandbox: add them with addUser first`);
    return principal;
  };

  return {
    url,
    adminToken: workspace.tokens.mint(workspace.admin, workspace.advance()).value,
    workspaceId: workspace.id,
    adminUserName: workspace.admin.userName,
    books: () => openBooks(workspace, tally),
    addUser(person) {
      principals.addUser(typeof person === 'string' ? { userName: person } : person);
    },
    addGroup(name, { members = [], entitlements = [] } = {}) {
      const people = members.map(known);
      principals.addGroup(name, entitlements);
      for (const principal of people) principals.join(principal, name);
    },
    addServicePrincipal(name, { groups = [] } = {}) {
      const principal = principals.addServicePrincipal({ displayName: name, groups });
      return { clientId: principal.userName, clientSecret: workspace.clientSecrets.create(principal, workspace.advance()).value };
    },
    tokenFor: (userName) => workspace.tokens.mint(known(userName), workspace.advance()).value,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      home.leave();
    },
  };
}

function positive(name: string, value: number): number {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`The sandbox option ${name} must be a number above 0, got ${value}`);
  return value;
}
