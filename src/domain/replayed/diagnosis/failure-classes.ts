/** What the reconciler does about a failure. */
export type Remedy =
  /** The same again, after a pause. */
  | 'again'
  /** The next node type of the plan, outside the pool. */
  | 'other-node-type'
  /** Stop and start: the init script runs again. */
  | 'restart'
  /** Nothing until a person has acted; tried again now and then, because they may not say so. */
  | 'person';

/**
 * One kind of failure, in words: what a launch that died of it, or a call that was refused with it, means to people.
 */
export interface FailureClass {
  readonly name: string;
  /** Termination codes and API error codes (docs/facts/databricks.md sections 2 and 3) that belong to it. */
  readonly codes: RegExp;
  /** What happened, in one sentence. */
  readonly what: string;
  readonly person: string;
  readonly program: string;
  readonly remedy: Remedy;
  /**
   * What a launch that dies of it has cost: a machine that was handed out is paid for, a refusal costs nothing.
   * `passing`: it says nothing about launches, and never stops a wave; whoever is refused only waits.
   */
  readonly costs: 'a machine' | 'nothing' | 'passing';
  /** It is nobody's own: whoever meets it waits for one check that is made for all. */
  readonly isEverybodys?: true;
}

const OTHER_MACHINES = 'It goes through the node types of the plan, one after the other, then waits longer each time.';
const EVER_MORE_RARELY = 'It tries again, each time after a longer pause.';

/** Every class; the first whose codes match is meant. */
export const FAILURE_CLASSES: readonly FailureClass[] = [
  {
    name: 'init script',
    codes: /INIT_SCRIPT|FAILED_FETCH|FAILED_EXECUTION|FUSE_MOUNT_FAILED/,
    what: "The init script failed or could not be read with this person's rights.",
    person: "Read the script's log in the logs volume under the cluster's id; check READ VOLUME on the scripts volume.",
    program: EVER_MORE_RARELY,
    remedy: 'person',
    costs: 'a machine',
  },
  {
    name: 'quota',
    codes: /QUOTA/,
    what: "The cloud subscription's vCPU quota is used up.",
    person: 'Ask for more quota of this VM family and of "Total Regional vCPUs".',
    program: OTHER_MACHINES,
    remedy: 'other-node-type',
    costs: 'nothing',
  },
  {
    name: 'stockout',
    codes: /STOCKOUT/,
    what: 'The cloud has no such VM left in this region.',
    person: 'Another node type is tried; if those run out too, add fallbackNodeTypes to the plan.',
    program: OTHER_MACHINES,
    remedy: 'other-node-type',
    costs: 'nothing',
  },
  {
    name: 'network',
    codes: /SUBNET|IP_EXHAUSTION|VNET/,
    what: "The workspace's subnets have no free address, or their set-up is wrong.",
    person: 'Ask whoever runs the network: 140 nodes need /24 subnets, two of them.',
    program: EVER_MORE_RARELY,
    remedy: 'person',
    costs: 'nothing',
  },
  {
    name: 'pool full',
    codes: /INSTANCE_POOL_MAX_CAPACITY/,
    what: 'The instance pool is at its maximum capacity.',
    person: "Raise the pool's maximum capacity; meanwhile the cluster starts outside the pool.",
    program: OTHER_MACHINES,
    remedy: 'other-node-type',
    costs: 'nothing',
  },
  {
    name: 'pool gone',
    codes: /INSTANCE_POOL_NOT_FOUND/,
    what: 'The instance pool was deleted.',
    person: 'The cluster starts outside the pool. Find out who deleted the pool.',
    program: OTHER_MACHINES,
    remedy: 'other-node-type',
    costs: 'nothing',
  },
  {
    name: 'pool',
    codes: /INSTANCE_POOL/,
    what: 'The instance pool could not give an instance.',
    person: "Look at the pool's pending instance errors.",
    program: EVER_MORE_RARELY,
    remedy: 'again',
    costs: 'nothing',
  },
  {
    name: 'throttled',
    codes: /REQUEST_LIMIT|PAUSED|RATE_LIMITED|THROTTL|REQUEST_REJECTED|RESOURCE_EXHAUSTED|(HTTP|SCIM)_429/,
    what: 'Databricks launched too many nodes at once for this workspace.',
    person: 'Nothing: it is tried again more slowly.',
    program: 'It waits as long as Databricks asks for, and tries again more slowly.',
    remedy: 'again',
    costs: 'passing',
  },
  {
    name: 'cloud launch',
    codes: /CLOUD_PROVIDER_LAUNCH|UNEXPECTED_LAUNCH|NODES_LOST|ADD_NODES_FAILED/,
    what: 'The cloud could not launch the machine, or took it away.',
    person:
      "Open the cluster's event log: the cloud's own words are there; if they name the subscription, ask its owner.",
    program: EVER_MORE_RARELY,
    remedy: 'again',
    costs: 'a machine',
  },
  {
    name: 'node network',
    codes: /NPIP_TUNNEL|BOOTSTRAP/,
    what: 'The machine came up and could not reach Databricks in time.',
    person: "Ask whoever runs the network: route tables, firewall and DNS of the workspace's subnets.",
    program: EVER_MORE_RARELY,
    remedy: 'again',
    costs: 'a machine',
  },
  {
    name: 'spark',
    codes: /SPARK|DRIVER_/,
    what: 'The machine came up, and Spark on it did not start or does not answer.',
    person: "Open the cluster's driver log; if it is everybody's, check sparkVersion in the plan.",
    program: EVER_MORE_RARELY,
    remedy: 'again',
    costs: 'a machine',
  },
  {
    name: 'stopped',
    codes: /^(USER_REQUEST|INACTIVITY|JOB_FINISHED)$/,
    what: 'Somebody stopped the cluster, or nobody used it: that is no failure.',
    person: 'Nothing: its owner wakes it by connecting.',
    program: 'It leaves a cluster asleep that was well, and starts one that is needed.',
    remedy: 'again',
    costs: 'passing',
  },
  {
    name: 'credentials',
    codes: /UNAUTHENTICATED|(HTTP|SCIM)_401|invalid_client|invalid_grant/,
    what: "The workspace does not accept the worker's credentials.",
    person: "Renew the worker's credentials, of the same identity, and restart the worker.",
    program: 'It tries again by itself, and goes on as soon as they are accepted.',
    remedy: 'person',
    costs: 'passing',
    isEverybodys: true,
  },
  {
    name: 'permission',
    codes: /PERMISSION_DENIED|FORBIDDEN|(HTTP|SCIM)_403|ACCESS_MISSING/,
    what: 'The workspace says that the worker may not do this.',
    person: 'Ask a workspace admin for the right that is missing; it is named in the refusal.',
    program: EVER_MORE_RARELY,
    remedy: 'person',
    costs: 'nothing',
  },
  {
    name: 'switched off',
    codes: /FEATURE_DISABLED/,
    what: 'The workspace has this feature switched off.',
    person: 'Ask a workspace admin to switch it on.',
    program: EVER_MORE_RARELY,
    remedy: 'person',
    costs: 'nothing',
  },
  {
    name: 'gone',
    codes: /DOES_NOT_EXIST|NOT_FOUND|(HTTP|SCIM)_404|NO_POLICY/,
    what: 'The workspace does not know what was asked for: it was deleted, or never there.',
    person: 'Find out who deleted it (cluster policy, pool, volume), and make it again under the name in the plan.',
    program: 'It makes a cluster anew that is gone; for everything else it tries again now and then.',
    remedy: 'person',
    costs: 'nothing',
  },
  {
    name: 'other at work',
    codes: /INVALID_STATE|ABORTED|ALREADY_EXISTS|RESOURCE_CONFLICT|(HTTP|SCIM)_409|SCIM_uniqueness/,
    what: 'The thing is just being changed, or is there already.',
    person: 'Nothing: a moment later it is another matter.',
    program: 'It looks what is there, and tries again.',
    remedy: 'again',
    costs: 'passing',
  },
  {
    name: 'request refused',
    codes: /INVALID_(PARAMETER|FILTER|ARGUMENT)|MALFORMED|BAD_REQUEST|HTTP_400|UNFIT_POLICY|SIZE_EXCEEDED|^SCIM_(?!5)/,
    what: 'The workspace refuses what was asked for as wrong.',
    person: 'Read the refusal: a value of the plan or a rule of the cluster policy does not fit; correct it there.',
    program: EVER_MORE_RARELY,
    remedy: 'person',
    costs: 'nothing',
  },
  {
    name: 'workspace trouble',
    codes:
      /TEMPORARILY_UNAVAILABLE|INTERNAL_ERROR|DATA_LOSS|METASTORE_DOWN|DBFS_DOWN|(HTTP|SCIM)_5\d\d|^TIMEOUT$|CANCELLED/,
    what: 'The workspace has trouble of its own, or did not answer in time.',
    person: "Nothing at first; if it goes on, look at the workspace's status page.",
    program: 'It tries again by itself, and loses nothing meanwhile.',
    remedy: 'again',
    costs: 'passing',
    isEverybodys: true,
  },
  {
    name: 'unreachable',
    codes: /^(UNREACHABLE|WRONG_SETTINGS|REDIRECTED|OTHER_WORKSPACE|PRIVATE_LINK_REQUIRED)$/,
    what: 'The worker does not reach the workspace.',
    person: "Check the workspace's address, the worker's proxy (HTTPS_PROXY), its network and its certificate.",
    program: 'It tries again by itself, and goes on as soon as there is an answer.',
    remedy: 'again',
    costs: 'passing',
    isEverybodys: true,
  },
  {
    name: 'person unknown',
    codes: /^(NOT_IN_WORKSPACE|AMBIGUOUS|INACTIVE|NO_ACCESS)$/,
    what: 'The workspace has no such user who may work in it.',
    person: 'Add or activate the user, with workspace access.',
    program: 'It looks again now and then, and goes on when they are there.',
    remedy: 'person',
    costs: 'passing',
  },
  {
    name: 'does not serve',
    codes: /^check /,
    what: 'The cluster runs, and what people need on it does not work.',
    person: 'Do what check-claude says; it stands at each person.',
    program: 'It looks again, and starts the cluster anew where the init script brings what is missing.',
    remedy: 'person',
    costs: 'a machine',
  },
  {
    name: 'job',
    codes: /^JOB_|NOT_THEIR_CLUSTER/,
    what: "The cluster runs, and the job that looks at it in its owner's name came to nothing.",
    person: 'Look at the run in the workspace (Jobs & Pipelines, Runs).',
    program: EVER_MORE_RARELY,
    remedy: 'person',
    costs: 'a machine',
  },
  {
    name: 'hung',
    codes: /^HUNG$/,
    what: 'The cluster was still starting after all the time that a launch may take.',
    person: "Open the cluster's event log: INIT_SCRIPTS_STARTED without INIT_SCRIPTS_FINISHED means the script hangs.",
    program: 'It stops the cluster, and starts it again after a pause.',
    remedy: 'again',
    costs: 'a machine',
  },
];

/** What no class knows: said as it came, and taken for a failure that costs a machine. */
export const UNKNOWN_CLASS: FailureClass = {
  name: 'launch',
  codes: /^UNKNOWN$/,
  what: 'The cluster did not come up, or died.',
  person: "If it keeps failing, open the cluster's event log in the workspace.",
  program: EVER_MORE_RARELY,
  remedy: 'again',
  costs: 'a machine',
};

/** The class that a termination code, an API error code or a diagnosis belongs to; {@link UNKNOWN_CLASS} if to none. */
export const classOf = (codeOrName: string): FailureClass =>
  FAILURE_CLASSES.find(({ name }) => name === codeOrName) ??
  FAILURE_CLASSES.find(({ codes }) => codes.test(codeOrName)) ??
  UNKNOWN_CLASS;

/** True for trouble that is nobody's own: with the workspace, the way to it, or the worker's credentials. */
export const isEverybodys = (codeOrName: string): boolean => classOf(codeOrName).isEverybodys === true;
