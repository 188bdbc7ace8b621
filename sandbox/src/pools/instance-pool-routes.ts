import { z } from 'zod';
import { permissionDenied } from '../http/errors.ts';
import type { Pool } from './instance-pools.ts';
import { poolChange, poolSpec } from './pool-spec.ts';
import { queryOrBodyText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const idBody = z.object({ instance_pool_id: text });

const SOURCE = 'docs/facts/databricks.md section 7';

/** /api/2.0/instance-pools: create, get, list, edit, delete (docs/facts/databricks.md section 7). */
export function instancePoolRoutes(workspace: Workspace): Route[] {
  const { pools, permissions, principals } = workspace;
  const held = (call: Call, id: string, level: string): Pool => {
    const pool = pools.get(id);
    if (!permissions.allows(call.caller, 'instance-pools', pool.id, level)) {
      throw permissionDenied(
        `${call.caller.userName} does not have ${level === 'CAN_MANAGE' ? 'Manage' : 'Attach'} ` +
          `permissions on instance pool ${id}. Please contact the owner or an administrator for access.`,
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
