import type { Pace } from '../time/pace.ts';
import type { Schedule } from '../time/schedule.ts';

const ASK_AGAIN_MS = 60_000;

/** How long a cluster waits for a pool that turns out to have no room. */
export const POOL_REFUSAL_MS = 5_000;

type InstanceState = 'pending_idle' | 'idle' | 'pending_used' | 'used' | 'gone';

interface Instance {
  readonly id: number;
  state: InstanceState;
  since: number;
  /** When it will be there, while pending. */
  readonly arrivesAt: number;
  lease: Lease | undefined;
}

/** Instances that one cluster holds. */
export interface Lease {
  readonly instances: Instance[];
  missing: number;
  readonly whenReady: (at: number) => void;
}

export interface FleetSize {
  minIdle: number;
  /** Idle and used together; undefined is no limit. */
  maxCapacity: number | undefined;
  idleMinutes: number;
}

export interface FleetStats {
  readonly used_count: number;
  readonly idle_count: number;
  readonly pending_used_count: number;
  readonly pending_idle_count: number;
}

/**
 * The instances of one pool. The minimum is kept idle at any time: what a cluster takes is replaced (facts/databricks.md
 * section 7). Idle instances above the minimum go after the idle minutes.
 */
export class PoolFleet {
  readonly #name: string;
  readonly #schedule: Schedule;
  readonly #pace: Pace;
  readonly #obstacle: (instance: number, at: number) => boolean;
  readonly #instances = new Set<Instance>();
  readonly #count: Record<InstanceState, number> = { pending_idle: 0, idle: 0, pending_used: 0, used: 0, gone: 0 };
  #size: FleetSize;
  #made = 0;
  #open = true;
  #meteredAt: number;
  #idleMs = 0;
  #usedMs = 0;
  #peakIdle = 0;
  #peakUsed = 0;

  /** @param obstacle asked when an instance would arrive: whether the cloud does not give it. */
  constructor(
    name: string,
    size: FleetSize,
    schedule: Schedule,
    pace: Pace,
    at: number,
    obstacle: (instance: number, at: number) => boolean = () => false,
  ) {
    this.#obstacle = obstacle;
    this.#name = name;
    this.#size = size;
    this.#schedule = schedule;
    this.#pace = pace;
    this.#meteredAt = at;
    this.#topUp(at);
  }

  stats(): FleetStats {
    return {
      used_count: this.#count.used,
      idle_count: this.#count.idle,
      pending_used_count: this.#count.pending_used,
      pending_idle_count: this.#count.pending_idle,
    };
  }

  /** Instance-milliseconds so far, and the most instances at one time. */
  meter(at: number): { idleMs: number; usedMs: number; peakIdle: number; peakUsed: number } {
    this.#accrue(at);
    return { idleMs: this.#idleMs, usedMs: this.#usedMs, peakIdle: this.#peakIdle, peakUsed: this.#peakUsed };
  }

  resize(size: FleetSize, at: number): void {
    this.#size = size;
    for (const instance of this.#instances) {
      if (instance.state === 'idle') this.#planTrim(instance, at);
    }
    this.#topUp(at);
  }

  /**
   * Takes `nodes` instances for a cluster: idle ones first, then those on their way, then new ones. `whenReady` is called
   * when all are there, at once if they are idle. Undefined when the pool has no room: nothing is taken then.
   * @param key names the launch, so that how long a new instance takes depends on the cluster and not on who came first.
   */
  lease(nodes: number, at: number, key: string, whenReady: (at: number) => void): Lease | undefined {
    const free = this.#count.idle + this.#count.pending_idle;
    const room =
      (this.#size.maxCapacity ?? Number.POSITIVE_INFINITY) - (free + this.#count.used + this.#count.pending_used);
    if (!this.#open || free + room < nodes) return undefined;
    const lease: Lease = { instances: [], missing: 0, whenReady };
    for (const instance of this.#nextFree(nodes)) {
      this.#move(instance, instance.state === 'idle' ? 'used' : 'pending_used', at);
      this.#hold(lease, instance);
    }
    for (let index = lease.instances.length; index < nodes; index += 1) {
      this.#hold(lease, this.#acquire('pending_used', at, `${key}/${index}`));
    }
    this.#topUp(at);
    if (lease.missing === 0) whenReady(at);
    return lease;
  }

  /** Gives instances of a cluster back, all or the last `most`; they stay idle for the next one until the idle minutes are over. Answers how many. */
  release(lease: Lease, at: number, most = lease.instances.length): number {
    const given = lease.instances.splice(Math.max(0, lease.instances.length - most));
    for (const instance of given) {
      instance.lease = undefined;
      if (!this.#open) this.#remove(instance, at);
      else if (instance.state === 'pending_used') this.#move(instance, 'pending_idle', at);
      else if (instance.state === 'used') this.#becomeIdle(instance, at);
    }
    return given.length;
  }

  /** The pool is deleted: what is free goes, what is used goes when it comes back. */
  close(at: number): void {
    this.#open = false;
    for (const instance of this.#instances) {
      if (instance.lease === undefined) this.#remove(instance, at);
    }
  }

  #nextFree(nodes: number): Instance[] {
    const free: Instance[] = [];
    for (const wanted of ['idle', 'pending_idle'] as const) {
      if (this.#count[wanted] === 0) continue;
      for (const instance of this.#instances) {
        if (free.length === nodes) return free;
        if (instance.state === wanted) free.push(instance);
      }
    }
    return free;
  }

  #hold(lease: Lease, instance: Instance): void {
    instance.lease = lease;
    lease.instances.push(instance);
    if (instance.state === 'pending_used') lease.missing += 1;
  }

  #topUp(at: number): void {
    while (
      this.#open &&
      this.#count.idle + this.#count.pending_idle < this.#size.minIdle &&
      this.#total() < (this.#size.maxCapacity ?? Number.POSITIVE_INFINITY)
    ) {
      this.#acquire('pending_idle', at, `${this.#name}/top-up/${this.#made}`);
    }
  }

  #total(): number {
    return this.#count.idle + this.#count.pending_idle + this.#count.used + this.#count.pending_used;
  }

  #acquire(state: 'pending_idle' | 'pending_used', at: number, key: string): Instance {
    this.#accrue(at);
    const arrivesAt = at + this.#pace.acquireNode(key);
    const instance: Instance = { id: this.#made++, state, since: at, arrivesAt, lease: undefined };
    this.#instances.add(instance);
    this.#count[state] += 1;
    this.#schedule.at(arrivesAt, (now) => this.#arrive(instance, now));
    return instance;
  }

  #arrive(instance: Instance, at: number): void {
    if (instance.state.startsWith('pending') && this.#obstacle(instance.id, at)) {
      this.#askAgain(instance, at);
      return;
    }
    if (instance.state === 'pending_idle') this.#becomeIdle(instance, at);
    else if (instance.state === 'pending_used') {
      this.#move(instance, 'used', at);
      const { lease } = instance;
      if (lease && --lease.missing === 0) lease.whenReady(at);
    }
  }

  /** A cluster goes on waiting for its instance; one that was to lie idle is given up, and another one asked for later. */
  #askAgain(instance: Instance, at: number): void {
    const again = at + this.#pace.scaled(ASK_AGAIN_MS);
    if (instance.state === 'pending_used') {
      this.#schedule.at(again, (now) => this.#arrive(instance, now));
      return;
    }
    this.#remove(instance, at);
    this.#schedule.at(again, (now) => this.#topUp(now));
  }

  #becomeIdle(instance: Instance, at: number): void {
    this.#move(instance, 'idle', at);
    this.#planTrim(instance, at);
  }

  #planTrim(instance: Instance, at: number): void {
    const { since } = instance;
    this.#schedule.at(Math.max(at, since + this.#pace.idle(this.#size.idleMinutes)), (now) => {
      const stillIdle = instance.state === 'idle' && instance.since === since;
      const expired = now >= since + this.#pace.idle(this.#size.idleMinutes);
      if (stillIdle && expired && this.#count.idle > this.#size.minIdle) this.#remove(instance, now);
    });
  }

  #remove(instance: Instance, at: number): void {
    if (instance.state === 'gone') return;
    this.#move(instance, 'gone', at);
    this.#instances.delete(instance);
  }

  #move(instance: Instance, state: InstanceState, at: number): void {
    this.#accrue(at);
    this.#count[instance.state] -= 1;
    this.#count[state] += 1;
    instance.state = state;
    instance.since = at;
    this.#peakIdle = Math.max(this.#peakIdle, this.#count.idle);
    this.#peakUsed = Math.max(this.#peakUsed, this.#count.used);
  }

  #accrue(at: number): void {
    const passed = Math.max(0, at - this.#meteredAt);
    this.#idleMs += passed * this.#count.idle;
    this.#usedMs += passed * this.#count.used;
    this.#meteredAt = Math.max(at, this.#meteredAt);
  }
}
