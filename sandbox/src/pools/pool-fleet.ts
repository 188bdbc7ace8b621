import type {
  InstanceState,
  Instance,
  Lease,
  LeaseHolder,
  FleetWorld,
  PoolFleetState,
  FleetMeter,
  FleetSize,
  FleetStats,
} from './lease.ts';
import type { Kept } from '../state/kept.ts';

const ASK_AGAIN_MS = 60_000;

/** How long a cluster waits for a pool that turns out to have no room. */
export const POOL_REFUSAL_MS = 5_000;

/**
 * The instances of one pool. The minimum is kept idle at any time: what a cluster takes is replaced
 * (docs/facts/databricks.md section 7). Idle instances above the minimum go after the idle minutes.
 */
export class PoolFleet implements Kept<PoolFleetState> {
  readonly #world: FleetWorld;
  readonly #arrives: (at: number, instance: Instance) => void;
  readonly #isTrimmed: (at: number, about: { readonly instance: Instance; readonly since: number }) => void;
  readonly #isToppedUp: (at: number, about: undefined) => void;
  #name: string;
  #instances = new Set<Instance>();
  #count: Record<InstanceState, number> = { pending_idle: 0, idle: 0, pending_used: 0, used: 0, gone: 0 };
  #size: FleetSize;
  #made = 0;
  #open = true;
  #meter: FleetMeter = { at: 0, idleMs: 0, usedMs: 0, peakIdle: 0, peakUsed: 0 };

  /**
   * Empty until {@link begin} or {@link restore}.
   * @param id of the pool.
   * @param name decides how long its instances take to come.
   */
  constructor(id: string, name: string, size: FleetSize, world: FleetWorld) {
    this.#world = world;
    this.#name = name;
    this.#size = size;
    this.#arrives = world.schedule.plans(`an instance of pool ${id} arrives`, (instance: Instance, at) =>
      this.#arrive(instance, at),
    );
    this.#isTrimmed = world.schedule.plans(
      `an idle instance of pool ${id} goes`,
      ({ instance, since }: { readonly instance: Instance; readonly since: number }, at) =>
        this.#trim(instance, since, at),
    );
    this.#isToppedUp = world.schedule.plans(`pool ${id} asks again`, (_: undefined, at) => this.#topUp(at));
  }

  /** The pool is new: its minimum is asked for. */
  begin(at: number): void {
    this.#meter.at = at;
    this.#topUp(at);
  }

  state(): PoolFleetState {
    return {
      name: this.#name,
      instances: this.#instances,
      count: this.#count,
      size: this.#size,
      made: this.#made,
      open: this.#open,
      meter: this.#meter,
    };
  }

  restore({ name, instances, count, size, made, open, meter }: PoolFleetState): void {
    this.#name = name;
    this.#instances = instances;
    this.#count = count;
    this.#size = size;
    this.#made = made;
    this.#open = open;
    this.#meter = meter;
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
    const { idleMs, usedMs, peakIdle, peakUsed } = this.#meter;
    return { idleMs, usedMs, peakIdle, peakUsed };
  }

  resize(size: FleetSize, at: number): void {
    this.#size = size;
    for (const instance of this.#instances) {
      if (instance.state === 'idle') this.#planTrim(instance, at);
    }
    this.#topUp(at);
  }

  /**
   * Takes `nodes` instances for a cluster: idle ones first, then those on their way, then new ones. The workspace
   * is told when all are there, at once if they are idle. Undefined when the pool has no room: nothing is taken then.
   * @param key names the launch, so that how long a new instance takes depends on the cluster and not on who came
   * first.
   */
  lease(nodes: number, at: number, key: string, holder: LeaseHolder): Lease | undefined {
    const free = this.#count.idle + this.#count.pending_idle;
    const room =
      (this.#size.maxCapacity ?? Number.POSITIVE_INFINITY) - (free + this.#count.used + this.#count.pending_used);
    if (!this.#open || free + room < nodes) return undefined;
    const lease: Lease = { instances: [], missing: 0, holder };
    for (const instance of this.#nextFree(nodes)) {
      this.#move(instance, instance.state === 'idle' ? 'used' : 'pending_used', at);
      this.#hold(lease, instance);
    }
    for (let index = lease.instances.length; index < nodes; index += 1) {
      this.#hold(lease, this.#acquire('pending_used', at, `${key}/${index}`));
    }
    this.#topUp(at);
    if (lease.missing === 0) this.#world.whenReady(holder, at);
    return lease;
  }

  /** Gives the instances of a cluster back; they stay idle for the next one until the idle minutes are over. */
  release(lease: Lease, at: number): void {
    for (const instance of lease.instances.splice(0)) {
      instance.lease = undefined;
      if (!this.#open) this.#remove(instance, at);
      else if (instance.state === 'pending_used') this.#move(instance, 'pending_idle', at);
      else if (instance.state === 'used') this.#becomeIdle(instance, at);
    }
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
    const arrivesAt = at + this.#world.pace.acquireNode(key);
    const instance: Instance = { id: this.#made++, state, since: at, arrivesAt, lease: undefined };
    this.#instances.add(instance);
    this.#count[state] += 1;
    this.#arrives(arrivesAt, instance);
    return instance;
  }

  #arrive(instance: Instance, at: number): void {
    if (instance.state.startsWith('pending') && this.#world.obstacle(instance.id, at)) {
      this.#askAgain(instance, at);
      return;
    }
    if (instance.state === 'pending_idle') this.#becomeIdle(instance, at);
    else if (instance.state === 'pending_used') {
      this.#move(instance, 'used', at);
      const { lease } = instance;
      if (lease && --lease.missing === 0) this.#world.whenReady(lease.holder, at);
    }
  }

  /**
   * A cluster goes on waiting for its instance; one that was to lie idle is given up, and another one asked for
   * later.
   */
  #askAgain(instance: Instance, at: number): void {
    const again = at + this.#world.pace.scaled(ASK_AGAIN_MS);
    if (instance.state === 'pending_used') {
      this.#arrives(again, instance);
      return;
    }
    this.#remove(instance, at);
    this.#isToppedUp(again, undefined);
  }

  #becomeIdle(instance: Instance, at: number): void {
    this.#move(instance, 'idle', at);
    this.#planTrim(instance, at);
  }

  #planTrim(instance: Instance, at: number): void {
    const { since } = instance;
    this.#isTrimmed(Math.max(at, since + this.#world.pace.idle(this.#size.idleMinutes)), { instance, since });
  }

  /** @param since when it became idle, when this was planned. */
  #trim(instance: Instance, since: number, at: number): void {
    const stillIdle = instance.state === 'idle' && instance.since === since;
    const expired = at >= since + this.#world.pace.idle(this.#size.idleMinutes);
    if (stillIdle && expired && this.#count.idle > this.#size.minIdle) this.#remove(instance, at);
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
    this.#meter.peakIdle = Math.max(this.#meter.peakIdle, this.#count.idle);
    this.#meter.peakUsed = Math.max(this.#meter.peakUsed, this.#count.used);
  }

  #accrue(at: number): void {
    const meter = this.#meter;
    const passed = Math.max(0, at - meter.at);
    meter.idleMs += passed * this.#count.idle;
    meter.usedMs += passed * this.#count.used;
    meter.at = Math.max(at, meter.at);
  }
}
