import { createHash } from 'node:crypto';
import { ClusterFleet } from './cluster-fleet.ts';
import { Policies } from './cluster-policies.ts';
import { Pools } from './instance-pools.ts';
import { LaunchBucket } from './launch-bucket.ts';
import type { LaunchRate } from './launch-bucket.ts';
import { createPace } from './pace.ts';
import { Permissions } from './permissions.ts';
import { Principals } from './principals.ts';
import type { Principal } from './principals.ts';
import { Schedule } from './schedule.ts';
import { Securables } from './securables.ts';
import { ServingEndpoints } from './serving-endpoints.ts';
import { VolumeFiles } from './volume-files.ts';

/** Settings of a workspace, all decided. */
export interface WorkspaceSettings {
  readonly seed: string;
  readonly speed: number;
  readonly idleSpeed: number;
  readonly launch: LaunchRate;
  readonly outputTokensPerMinute: number;
  readonly adminUserName: string;
  readonly people: readonly string[];
  readonly now: () => number;
}

/** Everything there is in the workspace. One object per resource; routes get the whole. */
export class Workspace {
  readonly principals = new Principals();
  readonly permissions = new Permissions(this.principals);
  readonly schedule = new Schedule();
  readonly policies = new Policies();
  readonly securables = new Securables(this.principals);
  readonly volumeFiles = new VolumeFiles(this.securables);
  readonly admin: Principal;
  readonly launchBucket: LaunchBucket;
  readonly pools: Pools;
  readonly clusters: ClusterFleet;
  readonly serving: ServingEndpoints;
  readonly #now: () => number;
  readonly #seed: string;
  #url = '';
  #id = '';

  constructor(settings: WorkspaceSettings) {
    const start = settings.now();
    this.#now = settings.now;
    this.#seed = settings.seed;
    const pace = createPace(settings.seed, settings.speed, settings.idleSpeed);
    this.launchBucket = new LaunchBucket(settings.launch, settings.speed, start);
    this.pools = new Pools(this.schedule, pace);
    this.clusters = new ClusterFleet({ schedule: this.schedule, pace, launchBucket: this.launchBucket, pools: this.pools, volumeFiles: this.volumeFiles });
    this.serving = new ServingEndpoints(start, settings.outputTokensPerMinute);
    this.admin = this.principals.addUser({ userName: settings.adminUserName, displayName: 'Workshop admin', groups: ['admins'] });
    for (const userName of settings.people) this.principals.addUser({ userName });
    const main = this.securables.create('catalog', 'main', undefined, this.admin.userName, start);
    this.securables.create('schema', 'default', main, this.admin.userName, start);
  }

  /** The sandbox's own time in epoch milliseconds, with everything done that was due by then. */
  advance(): number {
    const now = this.#now();
    this.schedule.advance(now);
    return now;
  }

  /** Known once the server listens. The id follows from the address, as clients cache it by host and port, and from the seed. */
  listensAt(url: string): void {
    this.#url = url;
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
