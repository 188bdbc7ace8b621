import { invalidParameter, notFound } from '../http/errors.ts';
import type { PoolFaults } from '../faults/faults.ts';
import { newPoolId } from '../ids.ts';
import type { Pace } from '../time/pace.ts';
import { PoolFleet } from './pool-fleet.ts';
import type { FleetWorld } from './lease.ts';
import type { Kept } from '../state/kept.ts';
import { checkNewPool, checkPool } from './pool-spec.ts';
import type { PoolChange, PoolSpec } from './pool-spec.ts';
import type { Principal } from '../identity/principals.ts';
import type { Schedule } from '../time/schedule.ts';

/** What is tried again all day must not fill the answer. */
const MOST_ERRORS = 20;

export interface Pool {
  readonly id: string;
  readonly creator: Principal;
  readonly createdAt: number;
  readonly fleet: PoolFleet;
  spec: PoolSpec;
  deletedAt: number | undefined;
  /** Machines that the cloud would not give, such as for want of quota: answered under `status`. */
  readonly pendingErrors: { readonly instance_id: string; readonly message: string }[];
}

/** Every pool, with its instances as they are kept. */
type PoolsState = readonly (Omit<Pool, 'fleet'> & { readonly fleet: ReturnType<PoolFleet['state']> })[];

/** The instance pools of the workspace. Deleted ones stay for the books. */
export class Pools implements Kept<PoolsState> {
  readonly #pools = new Map<string, Pool>();
  readonly #schedule: Schedule;
  readonly #pace: Pace;
  readonly #faults: PoolFaults;
  #whenReady: FleetWorld['whenReady'] = () => {};

  constructor(schedule: Schedule, pace: Pace, faults: PoolFaults) {
    this.#faults = faults;
    this.#schedule = schedule;
    this.#pace = pace;
  }

  /** Who is told when all instances of a lease are there. */
  onReady(whenReady: FleetWorld['whenReady']): void {
    this.#whenReady = whenReady;
  }

  state(): PoolsState {
    return [...this.#pools.values()].map(({ fleet, ...pool }) => ({ ...pool, fleet: fleet.state() }));
  }

  restore(state: PoolsState): void {
    this.#pools.clear();
    for (const { fleet, ...about } of state) this.#open(about).fleet.restore(fleet);
  }

  everMade(): Iterable<Pool> {
    return this.#pools.values();
  }

  find(id: string): Pool | undefined {
    const pool = this.#pools.get(id);
    return pool?.deletedAt === undefined ? pool : undefined;
  }

  /** Also of a deleted pool. */
  fleetOf(id: string): PoolFleet | undefined {
    return this.#pools.get(id)?.fleet;
  }

  /** @throws 404 RESOURCE_DOES_NOT_EXIST, also for a deleted pool. */
  get(id: string): Pool {
    const pool = this.find(id);
    if (!pool) throw notFound(`Can't find an instance pool with id: ${id}.`);
    return pool;
  }

  create(spec: PoolSpec, creator: Principal, at: number): Pool {
    checkNewPool(spec);
    this.#nameMustBeFree(spec.instance_pool_name, undefined);
    const pool = this.#open({
      id: newPoolId(at, this.#pools),
      creator,
      createdAt: at,
      spec,
      deletedAt: undefined,
      pendingErrors: [],
    });
    pool.fleet.begin(at);
    return pool;
  }

  /** A pool with a fleet that has no instances yet. */
  #open(about: Omit<Pool, 'fleet'>): Pool {
    const { id, spec, pendingErrors } = about;
    const pool: Pool = {
      ...about,
      fleet: new PoolFleet(id, spec.instance_pool_name, sizeOf(spec), {
        schedule: this.#schedule,
        pace: this.#pace,
        obstacle: (instance, at) => {
          const message = this.#faults.onInstance(pool.spec.instance_pool_name, at);
          if (message === undefined) pendingErrors.length = 0;
          else if (pendingErrors.push({ instance_id: `${id}-vm-${instance}`, message }) > MOST_ERRORS)
            pendingErrors.shift();
          return message !== undefined;
        },
        whenReady: (holder, at) => this.#whenReady(holder, at),
      }),
    };
    this.#pools.set(id, pool);
    return pool;
  }

  /** Full replacement of what may change; the node type may not. */
  edit(pool: Pool, change: PoolChange, at: number): void {
    checkPool(change);
    if (change.node_type_id !== pool.spec.node_type_id) {
      throw invalidParameter(
        `The node type of an instance pool cannot be changed: it is ${pool.spec.node_type_id}, not ` +
          change.node_type_id,
      );
    }
    this.#nameMustBeFree(change.instance_pool_name, pool);
    const { instance_pool_id: _, ...fields } = change;
    pool.spec = { ...pool.spec, ...fields, max_capacity: fields.max_capacity };
    pool.fleet.resize(sizeOf(pool.spec), at);
  }

  delete(pool: Pool, at: number): void {
    pool.deletedAt = at;
    pool.fleet.close(at);
  }

  #nameMustBeFree(name: string, self: Pool | undefined): void {
    for (const pool of this.#pools.values()) {
      if (pool !== self && pool.deletedAt === undefined && pool.spec.instance_pool_name === name) {
        throw invalidParameter(`Instance pool with name '${name}' already exists. Please choose a different name.`);
      }
    }
  }
}

const sizeOf = (spec: PoolSpec): { minIdle: number; maxCapacity: number | undefined; idleMinutes: number } => ({
  minIdle: spec.min_idle_instances,
  maxCapacity: spec.max_capacity,
  idleMinutes: spec.idle_instance_autotermination_minutes,
});
