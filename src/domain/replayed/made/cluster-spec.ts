import { appLimit } from '../capacity/app-room.ts';
import { isAzure } from './azure-machine.ts';
import { carriedSettings, gatewayOf } from './claude-settings.ts';
import type { Plan } from '../../plan/plan.ts';
import { volumePath } from './volume-path.ts';

/**
 * Everything a workshop creates begins with this, as in the guide; that alone never makes it ours: the run's tag does.
 */
export const NAME_PREFIX = 'claude-code-workshop-';
const LONGEST_NAME = 100;
const SUFFIX_LENGTH = 6;

/**
 * Tag keys of clusters and pools differ, because the same key on both is refused (docs/facts/databricks.md section 7).
 */
export const CLUSTER_TAGS = {
  run: 'workshop-run',
  id: 'workshop-id',
  seat: 'workshop-seat',
  generation: 'workshop-generation',
} as const;
export const POOL_TAGS = {
  run: 'workshop-pool-run',
  id: 'workshop-pool-id',
  /** The volume that the claim on the workshop lies in. */
  scripts: 'workshop-pool-scripts',
} as const;

/** Whom a cluster is named after. `sharesName`: someone else of this workshop has the same part before the @. */
export interface NamedPerson {
  readonly email: string;
  readonly key: string;
  readonly sharesName?: boolean;
}

/**
 * `claude-code-workshop-<id>-<person>`, at most 100 characters of a-z, 0-9, `.`, `_` and `-`. The end of the person's
 * key is added when the part before the @ had to be changed or cut, or is shared. Same input, same name. Names need
 * not be unique for Databricks (docs/facts/databricks.md section 2): they are for people, tags are for programs.
 */
export function clusterName(workshopId: string, person: NamedPerson): string {
  const start = `${NAME_PREFIX}${workshopId}-`;
  const written = localPart(person.email);
  const safe = written.replace(/[^a-z0-9._-]+/g, '-').replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'attendee';
  if (safe === written && !person.sharesName && start.length + safe.length <= LONGEST_NAME) return start + safe;
  const suffix = `-${person.key.slice(-SUFFIX_LENGTH)}`;
  return start + safe.slice(0, LONGEST_NAME - start.length - suffix.length) + suffix;
}

/** Those people whose part before the @ is somebody else's too, so that `sharesName` can be told. */
export function sharedNames(people: readonly string[]): ReadonlySet<string> {
  const owner = new Map<string, string>();
  const shared = new Set<string>();
  for (const email of people) {
    const first = owner.get(localPart(email));
    if (first === undefined) owner.set(localPart(email), email);
    else if (first !== email) shared.add(first).add(email);
  }
  return shared;
}

function localPart(email: string): string {
  return (email.split('@')[0] ?? '').toLowerCase();
}

/** What is asked of the workspace for one attendee's cluster. */
export interface ClusterRequest {
  readonly plan: Pick<Plan, 'id' | 'compute' | 'workspace' | 'serving' | 'unityCatalog'> &
    Partial<Pick<Plan, 'apps' | 'claudeCode' | 'contacts'>>;
  readonly runId: string;
  /** The attendee's key (an HMAC), never the email. */
  readonly key: string;
  /** Grows when a removed person is added again. */
  readonly generation: number;
  /** As the workspace writes it, which may differ from the roster. */
  readonly singleUserName: string;
  readonly policyId: string;
  /** With a pool the machine type is the pool's; `nodeType` is then not sent. */
  readonly poolId?: string;
  /** Without a pool; the plan's own when left out. A fallback names another here. */
  readonly nodeType?: string;
  readonly scriptPath: string;
  readonly logsPath: string;
  /** Made from the user name when left out. */
  readonly name?: string;
}

/** A body for POST clusters/create (and, with `cluster_id` added, clusters/edit). */
export interface ClusterSpec {
  readonly cluster_name: string;
  readonly kind: 'CLASSIC_PREVIEW';
  readonly is_single_node: true;
  readonly data_security_mode: 'SINGLE_USER';
  readonly single_user_name: string;
  readonly spark_version: string;
  readonly autotermination_minutes: number;
  readonly policy_id: string;
  readonly instance_pool_id?: string;
  readonly node_type_id?: string;
  readonly azure_attributes?: { readonly availability: 'ON_DEMAND_AZURE'; readonly first_on_demand: 1 };
  readonly init_scripts: readonly { readonly volumes: { readonly destination: string } }[];
  readonly cluster_log_conf: { readonly volumes: { readonly destination: string } };
  readonly spark_env_vars: Readonly<Record<string, string>>;
  readonly custom_tags: Readonly<Record<string, string>>;
}

/**
 * One dedicated single-node cluster. The single user is always named: left out, the server would dedicate it to the
 * creator (docs/facts/databricks.md section 4). A machine type next to a pool is refused
 * (docs/facts/databricks.md section 7), so it is one or the other.
 */
export function clusterSpec(request: ClusterRequest): ClusterSpec {
  const { plan, runId, key, generation, singleUserName } = request;
  return {
    cluster_name: request.name ?? clusterName(plan.id, { email: singleUserName, key }),
    kind: 'CLASSIC_PREVIEW',
    is_single_node: true,
    data_security_mode: 'SINGLE_USER',
    single_user_name: singleUserName,
    spark_version: plan.compute.sparkVersion,
    autotermination_minutes: plan.compute.autoTerminationMinutes,
    policy_id: request.policyId,
    ...(request.poolId === undefined
      ? machine(request.nodeType ?? plan.compute.nodeType)
      : { instance_pool_id: request.poolId }),
    init_scripts: [{ volumes: { destination: request.scriptPath } }],
    cluster_log_conf: { volumes: { destination: request.logsPath } },
    spark_env_vars: nodeSettings(request),
    custom_tags: {
      [CLUSTER_TAGS.run]: runId,
      [CLUSTER_TAGS.id]: plan.id,
      [CLUSTER_TAGS.seat]: key,
      [CLUSTER_TAGS.generation]: String(generation),
    },
  };
}

/**
 * What install-claude-code.sh is told: it runs from a copy, so it cannot know its own volume, and nobody else's
 * variables reach it (docs/facts/databricks.md section 6). A plan from before `claudeCode` leaves the script its own
 * version.
 */
function nodeSettings({ plan, singleUserName, logsPath }: ClusterRequest): Readonly<Record<string, string>> {
  const { version, npmRegistry } = plan.claudeCode ?? {};
  const facilitator = plan.contacts?.leadFacilitator.contact ?? '';
  return {
    WORKSHOP_SCRIPTS: volumePath(plan.unityCatalog.scripts),
    WORKSHOP_LOGS: logsPath,
    WORKSHOP_HOST: plan.workspace,
    WORKSHOP_MODEL: plan.serving.model,
    WORKSHOP_CLAUDE_SETTINGS: carriedSettings(plan),
    ...(gatewayOf(plan) === 'serving-endpoints' ? {} : { WORKSHOP_GATEWAY: gatewayOf(plan) }),
    WORKSHOP_ID: plan.id,
    WORKSHOP_APP_LIMIT: String(appLimit(plan)),
    // A node puts these into a shell. Without it the first shell asks the workspace whose cluster this is.
    ...(SAFE_IN_A_SHELL.test(singleUserName) ? { WORKSHOP_USER: singleUserName } : {}),
    ...(SAFE_IN_A_SHELL.test(facilitator) ? { WORKSHOP_FACILITATOR: facilitator } : {}),
    ...(version === undefined ? {} : { WORKSHOP_CLAUDE_VERSION: version }),
    ...(npmRegistry === undefined ? {} : { WORKSHOP_NPM_REGISTRY: npmRegistry }),
  };
}

const SAFE_IN_A_SHELL = /^[\w.@+#-]+$/;

/** On Azure never a spot machine: an eviction would take somebody's work in the middle of the exercise. */
function machine(nodeType: string): Pick<ClusterSpec, 'node_type_id' | 'azure_attributes'> {
  return isAzure(nodeType)
    ? { node_type_id: nodeType, azure_attributes: { availability: 'ON_DEMAND_AZURE', first_on_demand: 1 } }
    : { node_type_id: nodeType };
}
