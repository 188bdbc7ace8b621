import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Chance } from './chance.ts';
import { ClientSecrets } from './identity/sign-in/client-secrets.ts';
import { ClusterFleet } from './clusters/fleet/cluster-fleet.ts';
import type { ScriptsRan } from './clusters/fleet/init-scripts.ts';
import { FileTree } from './disk/file-tree.ts';
import { Policies } from './policies/cluster-policies.ts';
import { Pools } from './pools/instance-pools.ts';
import { Faults } from './faults/faults.ts';
import { Runs } from './jobs/runs.ts';
import type { FaultCounted } from './faults/faults.ts';
import { Ledger } from './books/ledger.ts';
import type { Home } from './home.ts';
import { LaunchBucket } from './clusters/fleet/launch-bucket.ts';
import { SIMULATED_ONLY } from './nodes/nodes.ts';
import type { Nodes } from './nodes/nodes.ts';
import { Outcomes } from './outcomes.ts';
import { createPace } from './time/pace.ts';
import { Permissions } from './identity/permissions.ts';
import { Principals } from './identity/principals.ts';
import type { Principal } from './identity/principals.ts';
import { Schedule } from './time/schedule.ts';
import { SecretScopes } from './secrets/secret-scopes.ts';
import { Securables } from './catalog/securables.ts';
import { ServingEndpoints } from './serving/serving-endpoints.ts';
import { SignIns } from './identity/sign-in/sign-ins.ts';
import { Tokens } from './identity/tokens.ts';
import type { Settings } from './settings.ts';
import { VolumeFiles } from './catalog/volume-files.ts';
import { ObjectRegister } from './workspace-files/object-register.ts';
import { WorkspaceFiles } from './workspace-files/workspace-files.ts';

/** What a workspace is made of, besides its settings. */
export interface WorkspaceSettings extends Settings {
  readonly now: () => number;
  readonly home: Home;
  /** Machines of its own make; simulated ones without it. */
  readonly nodes?: Nodes | undefined;
  /** What exists from the start draws its ids from it. */
  readonly firstSeed: Buffer;
}

/** Everything there is in the workspace. One object per resource; routes get the whole. */
export class Workspace {
  readonly chance = new Chance();
  readonly principals = new Principals(this.chance);
  readonly tokens = new Tokens(this.chance);
  readonly signIns = new SignIns(this.principals, this.chance);
  readonly clientSecrets = new ClientSecrets(this.chance);
  readonly permissions = new Permissions(this.principals);
  readonly schedule = new Schedule();
  readonly outcomes = new Outcomes();
  /** While a kept state is carried out again: nothing real may be started, and no file touched. */
  isReplaying = false;
  readonly policies = new Policies(this.chance);
  readonly securables = new Securables(this.principals, this.chance);
  readonly volumeFiles: VolumeFiles;
  readonly workspaceFiles: WorkspaceFiles;
  readonly secretScopes = new SecretScopes(this.principals);
  readonly home: Home;
  readonly nodes: Nodes;
  readonly faults: Faults;
  readonly admin: Principal;
  readonly ledger: Ledger;
  readonly launchBucket: LaunchBucket;
  readonly pools: Pools;
  readonly clusters: ClusterFleet;
  readonly runs: Runs;
  readonly serving: ServingEndpoints;
  readonly #now: () => number;
  readonly #seed: string;
  readonly #speed: number;
  #url = '';
  #id = '';

  constructor(settings: WorkspaceSettings) {
    const start = settings.now();
    this.chance.reseed(settings.firstSeed);
    this.home = settings.home;
    this.nodes = settings.nodes ?? SIMULATED_ONLY;
    this.volumeFiles = new VolumeFiles(
      this.securables,
      new FileTree(join(settings.home.files, 'Volumes'), () => this.isReplaying),
    );
    this.workspaceFiles = new WorkspaceFiles(
      {
        tree: new FileTree(join(settings.home.files, 'Workspace'), () => this.isReplaying),
        register: new ObjectRegister(join(settings.home.root, 'workspace-objects.jsonl')),
        principals: this.principals,
        permissions: this.permissions,
        isReplaying: () => this.isReplaying,
      },
      start,
    );
    this.#now = settings.now;
    this.#seed = settings.seed;
    this.#speed = settings.speed;
    const pace = createPace(settings.seed, settings.speed, settings.idleSpeed);
    this.launchBucket = new LaunchBucket(settings.launch, settings.speed, start);
    this.faults = new Faults(settings.faults, settings.speed, start);
    this.outcomes.on('fault-counted', (name, data) => this.faults.recount(name, data as FaultCounted));
    this.faults.onCount((name, counted, at) =>
      this.outcomes.report({ kind: 'fault-counted', key: name, data: counted }, at),
    );
    this.pools = new Pools(this.schedule, pace, this.chance, this.faults);
    this.clusters = new ClusterFleet({
      chance: this.chance,
      schedule: this.schedule,
      outcomes: this.outcomes,
      pace,
      launchBucket: this.launchBucket,
      pools: this.pools,
      nodes: this.nodes,
      volumeFiles: this.volumeFiles,
      workspaceFiles: this.workspaceFiles,
      principals: this.principals,
      faults: this.faults,
    });
    this.outcomes.on('init-scripts', (id, data, at) => this.clusters.scriptsRan(id, data as ScriptsRan, at));
    this.runs = new Runs(this, pace);
    this.serving = new ServingEndpoints(settings, start);
    this.admin = this.principals.addUser({
      userName: settings.adminUserName,
      displayName: 'Workshop admin',
      groups: ['admins'],
    });
    for (const userName of settings.people) this.principals.addUser({ userName });
    this.permissions.grantGroup(this.principals.addGroup('users'), 'authorization', 'tokens', 'CAN_USE');
    const main = this.securables.create('catalog', 'main', undefined, this.admin.userName, start);
    this.securables.create('schema', 'default', main, this.admin.userName, start);
    this.ledger = new Ledger(this, start);
  }

  /** The sandbox's own time in epoch milliseconds, with everything done that was due by then. */
  advance(): number {
    const now = this.#now();
    this.schedule.advance(now);
    return now;
  }

  /** Milliseconds of the sandbox's time that a real workspace's take here. */
  scaled(ms: number): number {
    return ms / this.#speed;
  }

  /** Known once the server listens. The id follows from the address, as clients cache it by host and port, and from the seed; a kept state keeps it wherever it listens. */
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
