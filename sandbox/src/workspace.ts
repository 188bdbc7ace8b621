import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Apps } from './apps/apps.ts';
import { NO_APP_HOSTS } from './apps/running/app-hosts.ts';
import type { AppHosts } from './apps/running/app-hosts.ts';
import { ClientSecrets } from './identity/sign-in/client-secrets.ts';
import { ClusterFleet } from './clusters/fleet/cluster-fleet.ts';
import { FileTree } from './disk/file-tree.ts';
import { Policies } from './policies/cluster-policies.ts';
import { Pools } from './pools/instance-pools.ts';
import { Faults } from './faults/faults.ts';
import { Runs } from './jobs/runs.ts';
import { ResourceHistory } from './books/resource-history.ts';
import type { Home } from './home.ts';
import { LaunchBucket } from './clusters/fleet/launch-bucket.ts';
import { SIMULATED_ONLY } from './nodes/nodes.ts';
import type { Nodes } from './nodes/nodes.ts';
import { createPace } from './time/pace.ts';
import { Permissions } from './identity/permissions.ts';
import { Principals } from './identity/principals.ts';
import type { Principal } from './identity/principals.ts';
import { Schedule } from './time/schedule.ts';
import { SecretScopes } from './secrets/secret-scopes.ts';
import { Securables } from './catalog/securables.ts';
import { ServingEndpoints } from './serving/serving-endpoints.ts';
import { SignIns } from './identity/sign-in/sign-ins.ts';
import { takeOut } from './identity/take-out.ts';
import { Tokens } from './identity/tokens.ts';
import type { Settings } from './settings.ts';
import type { Kept } from './state/kept.ts';
import { VolumeFiles } from './catalog/volume-files.ts';
import { ObjectRegister } from './workspace-files/object-register.ts';
import { WorkspaceFiles } from './workspace-files/workspace-files.ts';

/** What a workspace is made of, besides its settings. */
interface WorkspaceSettings extends Settings {
  readonly now: () => number;
  /** When it began, in epoch milliseconds; now without it. */
  readonly start?: number;
  readonly home: Home;
  /** Machines of its own make; simulated ones without it. */
  readonly nodes?: Nodes | undefined;
  /** Where the code of apps runs; nowhere without it. */
  readonly appHosts?: AppHosts;
}

/** Who keeps what changes. */
interface Keeper {
  /** Before something is changed. @throws {ApiError} when it could not be kept. */
  mustKeep(): void;
  /** Something has changed. */
  changed(): void;
}

/** Everything there is in the workspace. One object per resource; routes get the whole. */
export class Workspace {
  readonly principals = new Principals();
  readonly tokens = new Tokens();
  readonly signIns = new SignIns(this.principals);
  readonly clientSecrets = new ClientSecrets();
  readonly permissions = new Permissions(this.principals);
  readonly schedule = new Schedule();
  readonly policies = new Policies();
  readonly securables = new Securables(this.principals);
  readonly volumeFiles: VolumeFiles;
  readonly workspaceFiles: WorkspaceFiles;
  readonly secretScopes = new SecretScopes(this.principals);
  readonly home: Home;
  readonly nodes: Nodes;
  /** How a token that has expired is refused. */
  readonly expiredTokenStatus: number;
  readonly faults: Faults;
  readonly history: ResourceHistory;
  readonly launchBucket: LaunchBucket;
  readonly pools: Pools;
  readonly clusters: ClusterFleet;
  readonly runs: Runs;
  readonly serving: ServingEndpoints;
  readonly appHosts: AppHosts;
  readonly apps: Apps;
  readonly #now: () => number;
  readonly #seed: string;
  readonly #speed: number;
  #admin: Principal;
  #keeper: Keeper = { mustKeep() {}, changed() {} };
  #url = '';
  #id = '';

  constructor(settings: WorkspaceSettings) {
    const start = settings.start ?? settings.now();
    this.home = settings.home;
    this.nodes = settings.nodes ?? SIMULATED_ONLY;
    this.appHosts = settings.appHosts ?? NO_APP_HOSTS;
    this.volumeFiles = new VolumeFiles(this.securables, new FileTree(join(settings.home.files, 'Volumes')));
    this.workspaceFiles = new WorkspaceFiles(
      {
        tree: new FileTree(join(settings.home.files, 'Workspace')),
        register: new ObjectRegister(join(settings.home.root, 'workspace-objects.jsonl')),
        principals: this.principals,
        permissions: this.permissions,
      },
      start,
    );
    this.expiredTokenStatus = settings.expiredTokenStatus;
    this.#now = settings.now;
    this.#seed = settings.seed;
    this.#speed = settings.speed;
    const pace = createPace(settings.seed, settings.speed, settings.idleSpeed);
    this.launchBucket = new LaunchBucket(settings.launch, settings.speed, start);
    this.faults = new Faults(settings.faults, settings.speed, start);
    this.pools = new Pools(this.schedule, pace, this.faults);
    this.clusters = new ClusterFleet({
      schedule: this.schedule,
      pace,
      launchBucket: this.launchBucket,
      pools: this.pools,
      nodes: this.nodes,
      volumeFiles: this.volumeFiles,
      workspaceFiles: this.workspaceFiles,
      principals: this.principals,
      faults: this.faults,
    });
    this.runs = new Runs(this, pace);
    this.serving = new ServingEndpoints(settings, start);
    this.apps = new Apps(this, pace, settings);
    this.#admin = this.principals.addUser({
      userName: settings.adminUserName,
      displayName: 'Workshop admin',
      groups: ['admins'],
    });
    for (const userName of settings.people) this.principals.addUser({ userName });
    const users = this.principals.addGroup('users');
    this.permissions.grantGroup(users, 'authorization', 'tokens', 'CAN_USE');
    const forEverybody = this.policies.addBuiltIn(start);
    if (forEverybody && settings.personalCompute)
      this.permissions.grantGroup(users, 'cluster-policies', forEverybody.id, 'CAN_USE');
    const main = this.securables.create('catalog', 'main', undefined, this.#admin.userName, start);
    this.securables.create('schema', 'default', main, this.#admin.userName, start);
    this.apps.addStrangers(settings.strangersApps, start);
    this.history = new ResourceHistory(this, start);
  }

  /** Whoever made the workspace. */
  get admin(): Principal {
    return this.#admin;
  }

  /** Takes somebody out of the workspace with all that is theirs, and lets the books know. @param by a user name. */
  dismiss(principal: Principal, by: string | undefined, at: number): void {
    takeOut(this, principal);
    this.history.lookAtPeople(at, by);
  }

  /** From now on what changes is kept. */
  keepBy(keeper: Keeper): void {
    this.#keeper = keeper;
  }

  /** Before something is changed. @throws {ApiError} 500 when it could not be kept. */
  mustKeep(): void {
    this.#keeper.mustKeep();
  }

  /** Something has changed that is to outlive a restart. */
  changed(): void {
    this.#keeper.changed();
  }

  /** All of it that outlives a restart, as it is now. */
  state(): Readonly<Record<string, unknown>> {
    const parts = Object.entries(this.#kept()).map(([name, part]) => [name, part.state()]);
    return { ...Object.fromEntries(parts), admin: this.#admin };
  }

  /** Takes it back. @throws {Error} when it does not fit this version of the sandbox. */
  restore(state: Readonly<Record<string, unknown>>): void {
    for (const [name, part] of Object.entries(this.#kept())) {
      if (!(name in state)) throw new Error(`Nothing was kept of ${name}`);
      part.restore(state[name]);
    }
    this.#admin = state['admin'] as Principal;
  }

  /** Every part that outlives a restart; the schedule last, because others name what can happen. */
  #kept(): Readonly<Record<string, Kept<unknown>>> {
    const { principals, tokens, signIns, clientSecrets, permissions, policies, securables, secretScopes } = this;
    const { faults, launchBucket, pools, clusters, runs, apps, history, schedule } = this;
    const first = { principals, tokens, signIns, clientSecrets, permissions, policies, securables, secretScopes };
    return { ...first, faults, launchBucket, pools, clusters, runs, apps, history, schedule };
  }

  /** The sandbox's own time in epoch milliseconds, with everything done that was due by then. */
  advance(): number {
    const now = this.#now();
    if (this.schedule.advance(now)) this.changed();
    return now;
  }

  /** Milliseconds of the sandbox's time that a real workspace's take here. */
  scaled(ms: number): number {
    return ms / this.#speed;
  }

  /**
   * Known once the server listens. The id follows from the address, as clients cache it by host and port, and from
   * the seed; a kept state keeps it wherever it listens.
   */
  listensAt(url: string, keptId?: string): void {
    this.#url = url;
    if (keptId !== undefined) {
      this.#id = keptId;
      return;
    }
    const digest = createHash('sha256').update(`${this.#seed}\0${url}`).digest();
    this.#id = String(4_000_000_000_000_000n + (digest.readBigUInt64BE() % 1_000_000_000_000_000n));
  }

  url(): string {
    return this.#url;
  }

  get id(): string {
    return this.#id;
  }
}
