import { z } from 'zod';
import { invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import type { Chance } from '../chance.ts';
import type { PoolFaults } from '../faults/faults.ts';
import { newPoolId } from '../ids.ts';
import type { Pace } from '../time/pace.ts';
import { PoolFleet } from './pool-fleet.ts';
import { checkNewPool, checkPool, poolChange, poolSpec } from './pool-spec.ts';
import type { PoolChange, PoolSpec } from './pool-spec.ts';
import type { Principal } from '../identity/principals.ts';
import { queryOrBodyText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Schedule } from '../time/schedule.ts';
import type { Workspace } from '../workspace.ts';

/** What is tried again all day must not fill the answer. */
const MOST_ERRORS = 20;

const idBody = z.object({ instance_pool_id: text });

const SOURCE = 'facts/databricks.md section 7';

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

/** The instance pools of the workspace. Deleted ones stay for the books. */
export class Pools {
  readonly #pools = new Map<string, Pool>();
  readonly #schedule: Schedule;
  readonly #pace: Pace;
  readonly #chance: Chance;
  readonly #faults: PoolFaults;

  constructor(schedule: Schedule, pace: Pace, chance: Chance, faults: PoolFaults) {
    this.#faults = faults;
    this.#chance = chance;
    this.#schedule = schedule;
    this.#pace = pace;
  }

  everMade(): Iterable<Pool> {
    return this.#pools.values();
  }

  find(id: string): Pool | undefined {
    const pool = this.#pools.get(id);
    return pool?.deletedAt === undefined ? pool : undefined;
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
    const id = newPoolId(this.#chance, at, this.#pools);
    const pendingErrors: Pool['pendingErrors'] = [];
    const obstacle = (instance: number, now: number): boolean => {
      const message = this.#faults.onInstance(spec.instance_pool_name, now);
      if (message === undefined) pendingErrors.length = 0;
      else if (pendingErrors.push({ instance_id: `${id}-vm-${instance}`, message }) > MOST_ERRORS)
        pendingErrors.shift();
      return message !== undefined;
    };
    const pool: Pool = {
      id,
      creator,
      createdAt: at,
      spec,
      fleet: new PoolFleet(spec.instance_pool_name, sizeOf(spec), this.#schedule, this.#pace, at, obstacle),
      deletedAt: undefined,
      pendingErrors,
    };
    this.#pools.set(pool.id, pool);
    return pool;
  }

  /** Full replacement of what may change; the node type may not. */
  edit(pool: Pool, change: PoolChange, at: number): void {
    checkPool(change);
    if (change.node_type_id !== pool.spec.node_type_id) {
      throw invalidParameter(
        `The node type of an instance pool cannot be changed: it is ${pool.spec.node_type_id}, not ${change.node_type_id}`,
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

/** /api/2.0/instance-pools: create, get, list, edit, delete (facts/databricks.md section 7). */
export function instancePoolRoutes(workspace: Workspace): Route[] {
  const { pools, permissions, principals } = workspace;
  const held = (call: Call, id: string, level: string): Pool => {
    const pool = pools.get(id);
    if (!permissions.allows(call.caller, 'instance-pools', pool.id, level)) {
      throw permissionDenied(
        `${call.caller.userName} does not have ${level === 'CAN_MANAGE' ? 'Manage' : 'Attach'} permissions on instance pool ${id}. Please contact the owner or an administrator for access.`,
      );
    }
    return pool;
  };
  return [
    {
      method: 'POST',
      path: '/api/2.0/instance-pools/create',
      does: 'Creates an instance pool (who may create pools)',
      source: SOURCE,
      handle(call) {
        if (!principals.isEntitled(call.caller, 'allow-instance-pool-create')) {
          throw permissionDenied('You are not authorized to create instance pools. Please contact your administrator.');
        }
        const pool = pools.create(readBody(poolSpec, call.json), call.caller, call.at);
        permissions.grantHighest(call.caller, 'instance-pools', pool.id);
        return ok({ instance_pool_id: pool.id });
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/instance-pools/get',
      does: 'Answers an instance pool with how many instances it has',
      source: SOURCE,
      handle: (call) => ok(view(held(call, queryOrBodyText(call, 'instance_pool_id'), 'CAN_ATTACH_TO'))),
    },
    {
      method: 'GET',
      path: '/api/2.0/instance-pools/list',
      does: 'Lists the instance pools that the caller may attach to',
      source: SOURCE,
      handle(call) {
        const visible = [...pools.everMade()].filter(
          (pool) =>
            pool.deletedAt === undefined && permissions.allows(call.caller, 'instance-pools', pool.id, 'CAN_ATTACH_TO'),
        );
        return ok(visible.length === 0 ? {} : { instance_pools: visible.map(view) });
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/instance-pools/edit',
      does: 'Changes what may change of an instance pool; the node type may not',
      source: SOURCE,
      handle(call) {
        const change = readBody(poolChange, call.json);
        pools.edit(held(call, change.instance_pool_id, 'CAN_MANAGE'), change, call.at);
        return ok({});
      },
    },
    {
      method: 'POST',
      path: '/api/2.0/instance-pools/delete',
      does: 'Deletes an instance pool; its idle instances go at once',
      source: SOURCE,
      handle(call) {
        const pool = held(call, readBody(idBody, call.json).instance_pool_id, 'CAN_MANAGE');
        pools.delete(pool, call.at);
        permissions.forget('instance-pools', pool.id);
        return ok({});
      },
    },
  ];
}

function view(pool: Pool): unknown {
  const { max_capacity, ...spec } = pool.spec;
  return {
    instance_pool_id: pool.id,
    ...spec,
    ...(max_capacity === undefined ? {} : { max_capacity }),
    default_tags: {
      Vendor: 'Databricks',
      DatabricksInstancePoolCreatorId: pool.creator.id,
      DatabricksInstancePoolId: pool.id,
    },
    state: 'ACTIVE',
    stats: pool.fleet.stats(),
    status: pool.pendingErrors.length === 0 ? {} : { pending_instance_errors: pool.pendingErrors },
  };
}

const sizeOf = (spec: PoolSpec): { minIdle: number; maxCapacity: number | undefined; idleMinutes: number } => ({
  minIdle: spec.min_idle_instances,
  maxCapacity: spec.max_capacity,
  idleMinutes: spec.idle_instance_autotermination_minutes,
});
