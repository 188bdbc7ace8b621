import type { Policy } from '../policies/cluster-policies.ts';
import { clusterSpec, isDedicated, scriptPlace } from './cluster-spec.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { invalidParameter, permissionDenied } from '../http/errors.ts';
import type { Pool } from '../pools/instance-pools.ts';
import { nodeType } from '../region/node-types.ts';
import { isSparkVersion } from '../region/spark-versions.ts';
import { applyPolicy } from '../policies/policy-rules.ts';
import type { Virtuals } from '../policies/policy-rules.ts';
import type { Principal } from '../identity/principals.ts';
import { readBody } from '../http/request-body.ts';
import type { JsonObject } from '../policies/spec-paths.ts';
import { parseVolumePath } from '../catalog/volume-files.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { policyFor, requirePoolAttach } from './may-create-cluster.ts';

/** Fields that come from the pool and must not be sent with one (docs/facts/databricks.md section 7). */
const POOL_FIELDS = ['node_type_id', 'driver_node_type_id', 'enable_elastic_disk', 'azure_attributes'] as const;
const MAX_TAGS = 45;
const MAX_INIT_SCRIPTS = 10;

/**
 * Turns what a client sent into the spec the cluster will have: the policy applied, defaults filled, every rule
 * checked, in the order a real workspace seems to check them.
 * @param runAs whose run brings it along; nobody's for a cluster that stays.
 * @throws 400 and 403 with the texts of docs/facts/databricks.md sections 4, 7 and 8.
 */
export function settleSpec(
  workspace: ClusterParts,
  given: ClusterSpec,
  caller: Principal,
  runAs?: Principal,
): ClusterSpec {
  const policy = policyFor(workspace, given, caller);
  const type = runAs === undefined ? 'all-purpose' : 'job';
  const spec = policy ? underPolicy(workspace, given, policy, type) : structuredClone(given);
  const pool = poolFor(workspace, spec, caller);
  settleSize(spec);
  settleNodes(spec, pool);
  settleRuntime(spec);
  settleIdentity(workspace, spec, caller, runAs ?? caller);
  checkTags(spec, pool);
  checkScripts(spec);
  return spec;
}

function underPolicy(workspace: ClusterParts, given: ClusterSpec, policy: Policy, type: 'all-purpose' | 'job') {
  const spec = structuredClone(given) as JsonObject;
  applyPolicy(policy.rules, spec, virtualsIn(workspace, type), given.apply_policy_default_values === true);
  // A fixed value of the wrong type is the policy author's mistake, found here as on a real workspace.
  return readBody(clusterSpec, JSON.parse(JSON.stringify(spec)));
}

/**
 * What policies can constrain without it being a field. Values of the wrong type, which are refused elsewhere, count
 * as nothing.
 */
const virtualsIn =
  ({ pools }: Pick<ClusterParts, 'pools'>, cluster_type: string) =>
  (spec: JsonObject): Virtuals => {
    const { node_type_id, instance_pool_id, num_workers: workers, autoscale } = spec;
    const pool = typeof instance_pool_id === 'string' ? pools.find(instance_pool_id) : undefined;
    const type = nodeType(pool?.spec.node_type_id ?? (typeof node_type_id === 'string' ? node_type_id : ''));
    const least =
      autoscale !== null && typeof autoscale === 'object' && !Array.isArray(autoscale)
        ? autoscale['min_workers']
        : undefined;
    return {
      cluster_type,
      dbus_per_hour: (type?.dbuPerHour ?? 0) * (1 + (Number(workers ?? least) || 0)),
    };
  };

function poolFor(workspace: ClusterParts, spec: ClusterSpec, caller: Principal): Pool | undefined {
  const id = spec.instance_pool_id;
  if (id === undefined || id === '') return undefined;
  const pool = workspace.pools.find(id);
  if (!pool) throw invalidParameter(`Cluster validation error: Can't find an instance pool with id: ${id}.`);
  requirePoolAttach(workspace, pool, caller);
  for (const field of POOL_FIELDS) {
    if (spec[field] !== undefined)
      throw invalidParameter(`The field '${field}' cannot be supplied when an instance pool ID is provided.`);
  }
  spec.driver_instance_pool_id ??= id;
  return pool;
}

function settleSize(spec: ClusterSpec): void {
  if (spec.kind === undefined && spec.is_single_node !== undefined)
    throw invalidParameter('The field is_single_node can only be used when kind is set.');
  if (spec.kind === undefined && spec.use_ml_runtime !== undefined)
    throw invalidParameter('The field use_ml_runtime can only be used when kind is set.');
  if (spec.is_single_node === true) {
    // Asset bundles send the 0 along, so it is taken, against the advice of docs/facts/databricks.md section 4.
    if ((spec.num_workers ?? 0) > 0 || spec.autoscale !== undefined) {
      throw invalidParameter('The fields num_workers and autoscale cannot be supplied when is_single_node is true.');
    }
    spec.num_workers = 0;
    spec.spark_conf = {
      ...spec.spark_conf,
      'spark.databricks.cluster.profile': 'singleNode',
      'spark.master': 'local[*, 4]',
    };
    spec.custom_tags = { ...spec.custom_tags, ResourceClass: 'SingleNode' };
    return;
  }
  if (spec.num_workers === undefined && spec.autoscale === undefined)
    throw invalidParameter('Missing required field: size');
  if (spec.num_workers !== undefined && spec.autoscale !== undefined)
    throw invalidParameter('Only one of num_workers and autoscale can be supplied.');
  requireAutoscaleRange(spec);
}

/** @throws 400 when the bounds of autoscaling are the wrong way round. */
function requireAutoscaleRange({ autoscale }: Pick<ClusterSpec, 'autoscale'>): void {
  if (autoscale && autoscale.min_workers > autoscale.max_workers) {
    throw invalidParameter(
      `The field autoscale.min_workers (${autoscale.min_workers}) must not be greater than ` +
        `autoscale.max_workers (${autoscale.max_workers}).`,
    );
  }
}

function settleNodes(spec: ClusterSpec, pool: Pool | undefined): void {
  if (pool) {
    spec.node_type_id = pool.spec.node_type_id;
    spec.driver_node_type_id = pool.spec.node_type_id;
    spec.enable_elastic_disk = pool.spec.enable_elastic_disk;
    return;
  }
  if (spec.node_type_id === undefined) throw invalidParameter('Missing required field: node_type_id');
  spec.driver_node_type_id ??= spec.node_type_id;
  for (const id of [spec.node_type_id, spec.driver_node_type_id]) {
    if (!nodeType(id))
      throw invalidParameter(
        `Node type ${id} is not supported in this workspace. See clusters/list-node-types for those that are.`,
      );
  }
  spec.enable_elastic_disk ??= true;
  spec.azure_attributes = {
    availability: 'ON_DEMAND_AZURE',
    first_on_demand: 1,
    spot_bid_max_price: -1,
    ...spec.azure_attributes,
  };
}

function settleRuntime(spec: ClusterSpec): void {
  if (spec.spark_version === undefined) throw invalidParameter('Missing required field: spark_version');
  if (!isSparkVersion(spec.spark_version)) throw invalidParameter(`Invalid spark version ${spec.spark_version}.`);
  spec.autotermination_minutes ??= 0;
  const minutes = spec.autotermination_minutes;
  if (minutes !== 0 && (minutes < 10 || minutes > 10_000)) {
    throw invalidParameter(`The field 'autotermination_minutes' must be 0 or between 10 and 10000, got ${minutes}.`);
  }
}

/**
 * The real API takes the newer names of the modes and answers the older ones; a mode that was left out without `kind`
 * stays out.
 */
function modeOf({
  data_security_mode: given,
  kind,
  single_user_name,
  num_workers,
}: ClusterSpec): ClusterSpec['data_security_mode'] {
  if (given === undefined) return kind === undefined ? undefined : 'SINGLE_USER';
  if (given === 'DATA_SECURITY_MODE_AUTO')
    return single_user_name || num_workers === 0 ? 'SINGLE_USER' : 'USER_ISOLATION';
  if (given === 'DATA_SECURITY_MODE_DEDICATED') return 'SINGLE_USER';
  return given === 'DATA_SECURITY_MODE_STANDARD' ? 'USER_ISOLATION' : given;
}

function settleIdentity(workspace: ClusterParts, spec: ClusterSpec, caller: Principal, byDefault: Principal): void {
  const mode = modeOf(spec);
  if (mode !== undefined) spec.data_security_mode = mode;
  if (!isDedicated(spec)) {
    if (spec.single_user_name)
      throw invalidParameter(
        `The field single_user_name cannot be supplied with data_security_mode ${spec.data_security_mode ?? 'NONE'}.`,
      );
    return;
  }
  if (!spec.single_user_name) {
    spec.single_user_name = byDefault.userName;
    return;
  }
  const { principals } = workspace;
  const user = principals.find(spec.single_user_name);
  const group = spec.kind === undefined ? undefined : principals.group(spec.single_user_name);
  if (!user && !group)
    throw invalidParameter(`The single user '${spec.single_user_name}' does not exist in this workspace.`);
  if (user !== caller && !principals.isAdmin(caller))
    throw permissionDenied('Only admin users can assign a cluster to another user.');
}

function checkTags(spec: ClusterSpec, pool: Pool | undefined): void {
  const tags = Object.keys(spec.custom_tags ?? {});
  if (tags.length > MAX_TAGS)
    throw invalidParameter(`A cluster can have at most ${MAX_TAGS} custom tags, got ${tags.length}.`);
  const clash = tags.find((tag) => pool && Object.hasOwn(pool.spec.custom_tags, tag));
  if (clash !== undefined) {
    throw invalidParameter(
      `Cluster validation error: The custom tag '${clash}' is already defined on instance pool ` +
        `${pool?.id ?? ''}. The same tag cannot be set on a cluster and its instance pool.`,
    );
  }
}

function checkScripts(spec: ClusterSpec): void {
  const scripts = spec.init_scripts ?? [];
  if (scripts.length > MAX_INIT_SCRIPTS)
    throw invalidParameter(`A cluster can have at most ${MAX_INIT_SCRIPTS} init scripts, got ${scripts.length}.`);
  for (const script of scripts) {
    const place = scriptPlace(script);
    if (!place) throw invalidParameter('Each init script needs a destination, such as volumes.destination.');
    if (place.kind === 'volumes' && parseVolumePath(place.destination).isRoot) {
      throw invalidParameter(
        `Invalid init script destination '${place.destination}': it names a volume, not a file in it.`,
      );
    }
  }
}
