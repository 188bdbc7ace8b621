import type { Plan } from '../../domain/plan/plan.ts';
import {
  DatabricksError,
  meansNotFound,
  type AccessControlList,
  type PermissionLevel,
} from '../../databricks/workspace.ts';
import { endpointsOf } from '../../domain/replayed/made/claude-settings.ts';
import { Batch } from './batch.ts';
import { refusedAmong } from './one-by-one.ts';
import type { ActivityDeps } from '../deps.ts';
import { asFailure, isForbidden, lasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';
import {
  isRefusal,
  NOTHING_REFUSED,
  privilegeGrants,
  privilegesFor,
  sqlForGrants,
  type Granted,
} from './privileges.ts';

/** Many people travel in one call; this keeps a body well under any limit. */
const MOST_AT_ONCE = 200;
const GATHER_MS = 2_000;

export interface AccessRequest {
  readonly plan: Plan;
  readonly userName: string;
  readonly poolId?: string | undefined;
}

/**
 * What opening showed. `no`: the worker may not set permissions on the endpoint; a line for an admin says so (see
 * rights.ts).
 */
export interface Opened {
  readonly endpoint: 'yes' | 'no' | 'without permissions';
  /** Privileges that the person did not hold before, as `READ_VOLUME on volume a.b.c`: to be taken back at the end. */
  readonly granted?: readonly string[];
}

const CLOSED = Symbol('closed');

interface Lacking extends Opened {
  readonly missing: readonly string[];
  /** The workspace's own answer, where it refused something for this person. */
  readonly refused?: unknown;
}

interface Permitted {
  /** Granted without an error, and not there when read back. */
  readonly denied: readonly string[];
  readonly refused: ReadonlyMap<string, unknown>;
}
const NOBODY_REFUSED: Permitted = { denied: [], refused: new Map() };

/** Opens what an attendee needs beyond their own cluster: volumes, pool, endpoint. Each grant is read back. */
export const accessActivities = ({ workspace }: ActivityDeps) => {
  const grants = privilegeGrants(workspace);

  const permit = async (
    type: 'instance-pools' | 'serving-endpoints',
    id: string,
    level: PermissionLevel,
    userNames: readonly string[],
  ): Promise<Permitted> => {
    // Each answer carries the whole list that results: nothing else has to be read.
    let held = new Set<string>();
    const refused = await refusedAmong(
      userNames,
      async (some) => {
        const changes = some.map((user_name) => ({ user_name, permission_level: level }));
        held = holders(await workspace.permissions.update(type, id, changes), level);
      },
      isRefusal,
    );
    const asked = userNames.filter((userName) => !refused.has(userName));
    return { denied: asked.filter((userName) => !held.has(userName.toLowerCase())), refused };
  };

  const endpointIds = new Map<string, string>();
  /** undefined: not there (yet), or without permissions of its own; `closed`: not to be seen by the worker. */
  const endpointId = async (model: string): Promise<string | undefined | typeof CLOSED> => {
    const known = endpointIds.get(model);
    if (known !== undefined) return known;
    try {
      const { id } = await workspace.servingEndpoints.get(model);
      if (id !== undefined) endpointIds.set(model, id);
      return id;
    } catch (error) {
      if (isForbidden(error)) return CLOSED;
      if (meansNotFound(error)) return undefined;
      throw error;
    }
  };

  const query = async (model: string, userNames: readonly string[]) => {
    const found = await endpointId(model);
    return {
      model,
      found,
      ...(typeof found === 'string'
        ? await permit('serving-endpoints', found, 'CAN_QUERY', userNames)
        : NOBODY_REFUSED),
    };
  };

  const batches = new Map<string, Batch<AccessRequest, Lacking>>();
  const open = (run: Run, request: AccessRequest) => {
    // One plan speaks for all of a batch: whoever has not heard of another endpoint yet is not among them.
    const key = `${run.runId} ${request.poolId ?? ''} ${endpointsOf(request.plan).join()}`;
    const batch =
      batches.get(key) ??
      new Batch<AccessRequest, Lacking>((requests) => openAll(run, requests), GATHER_MS, MOST_AT_ONCE);
    batches.set(key, batch);
    return batch.ask(request);
  };

  const openAll = async (run: Run, requests: readonly AccessRequest[]): Promise<Lacking[]> => {
    const { plan, poolId } = requests[0] as AccessRequest;
    const userNames = requests.map(({ userName }) => userName);
    const { lacking, refused } = plan.attendeeGroup ? NOTHING_REFUSED : await grants.give(run.runId, plan, userNames);
    const pool = poolId ? await permit('instance-pools', poolId, 'CAN_ATTACH_TO', userNames) : NOBODY_REFUSED;
    const refusedByPool = (userName: string) => {
      const error = pool.refused.get(userName);
      // A pool that is gone needs no rights: clusters start outside it.
      return meansNotFound(error) && !namesNobody(error) ? undefined : error;
    };
    // Some workspaces let nobody set permissions on the endpoints Databricks itself provides
    // (docs/facts/databricks-workspace.md section 9, [U]): the endpoint check tells whether it answers. Nobody loses a
    // cluster over it, but it is told: what the worker may not set is for an admin (see rights.ts).
    const onEndpoints = await Promise.all(endpointsOf(plan).map((model) => query(model, userNames)));
    const endpointOf = (userName: string): Opened['endpoint'] => {
      if (onEndpoints.some(({ found, refused: of }) => found === CLOSED || of.has(userName))) return 'no';
      return onEndpoints.some(({ found }) => found !== undefined) ? 'yes' : 'without permissions';
    };
    return userNames.map((userName) => {
      const ofEndpoint = onEndpoints.map(({ refused: of }) => of.get(userName)).find((error) => error !== undefined);
      return {
        endpoint: endpointOf(userName),
        granted: plan.attendeeGroup ? [] : grants.given(run.runId, userName),
        refused: refused.get(userName) ?? refusedByPool(userName) ?? (namesNobody(ofEndpoint) ? ofEndpoint : undefined),
        missing: [
          ...(lacking.get(userName) ?? []),
          ...(pool.denied.includes(userName) ? ['CAN_ATTACH_TO on the instance pool'] : []),
          ...onEndpoints
            .filter(({ denied }) => denied.includes(userName))
            .map(({ model }) => `CAN_QUERY on the endpoint ${model}`),
        ],
      };
    });
  };

  return {
    /**
     * Idempotent: grants add. Non-retryable ACCESS_MISSING, with SQL for an admin, when something is not there after
     * granting.
     */
    async openAccess(run: Run, request: AccessRequest): Promise<Opened> {
      let opened: Lacking;
      try {
        opened = await open(run, request);
        if (opened.refused !== undefined) throw opened.refused;
      } catch (error) {
        throw asFailure(error, sqlForGrants(request.plan, request.userName));
      }
      const { missing, endpoint, granted } = opened;
      if (missing.length > 0) {
        throw lasting(
          'ACCESS_MISSING',
          `${request.userName} still lacks ${missing.join('; ')}.`,
          'Have an admin grant it; it is noticed by itself.',
          sqlForGrants(request.plan, request.userName),
        );
      }
      return { endpoint, ...(granted && granted.length > 0 ? { granted } : {}) };
    },

    /** Unity Catalog grants for the plan's attendee group, read back. Idempotent. */
    async grantGroup(run: Run, { plan, group }: { plan: Plan; group: string }): Promise<string> {
      let granted: Granted;
      try {
        granted = await grants.give(run.runId, plan, [group]);
        if (granted.refused.has(group)) throw granted.refused.get(group);
      } catch (error) {
        throw asFailure(error, sqlForGrants(plan, group));
      }
      const missing = granted.lacking.get(group);
      if (missing)
        throw lasting(
          'ACCESS_MISSING',
          `The group ${group} lacks ${missing.join('; ')}.`,
          'Have an admin grant it.',
          sqlForGrants(plan, group),
        );
      return `${group}: ${privilegesFor(plan)
        .flatMap(({ privileges }) => privileges)
        .join(', ')}, read back`;
    },
  };
};

/** Only the words tell that a refusal is about a person whom the workspace does not know any more. */
const namesNobody = (error: unknown): boolean =>
  meansNotFound(error) && error instanceof DatabricksError && /principal/i.test(`${error.errorCode} ${error.detail}`);

/** Levels include the lower ones; an ACL shows only the highest (docs/facts/databricks.md section 4). */
const ENOUGH: Readonly<Record<string, readonly string[]>> = {
  CAN_ATTACH_TO: ['CAN_ATTACH_TO', 'CAN_RESTART', 'CAN_MANAGE'],
  CAN_RESTART: ['CAN_RESTART', 'CAN_MANAGE'],
  CAN_QUERY: ['CAN_QUERY', 'CAN_MANAGE'],
};

/** Lower-cased user names that hold the level, or a higher one. */
export function holders(acl: AccessControlList, level: PermissionLevel): Set<string> {
  const enough = ENOUGH[level] ?? [level];
  return new Set(
    acl.access_control_list
      .filter(({ all_permissions }) =>
        all_permissions.some(({ permission_level }) => enough.includes(permission_level ?? '')),
      )
      .flatMap(({ user_name, service_principal_name }) => [user_name, service_principal_name])
      .filter((name) => name !== undefined)
      .map((name) => name.toLowerCase()),
  );
}
