import { meaningOfExit } from './init-script-exit.ts';

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

/** Why something did not work, and what follows. */
export interface Diagnosis {
  readonly class: string;
  readonly cause: string;
  readonly toDo: string;
  readonly remedy: Remedy;
}

export interface TerminationReason {
  readonly code: string;
  readonly type?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

type Rule = readonly [codes: RegExp, className: string, remedy: Remedy, meaning: string, toDo: string];

/** Codes from docs/facts/databricks.md section 3; the first rule that matches wins. */
const RULES: readonly Rule[] = [
  [
    /INIT_SCRIPT/,
    'init script',
    'person',
    "The init script failed or could not be read with this person's rights.",
    "Read the script's log in the logs volume under the cluster's id; check READ VOLUME on the scripts volume.",
  ],
  [
    /QUOTA/,
    'quota',
    'other-node-type',
    "The cloud subscription's vCPU quota is used up.",
    'Ask for more quota of this VM family and of "Total Regional vCPUs".',
  ],
  [
    /STOCKOUT/,
    'stockout',
    'other-node-type',
    'The cloud has no such VM left in this region.',
    'Another node type is tried; if those run out too, add fallbackNodeTypes to the plan.',
  ],
  [
    /SUBNET|IP_EXHAUSTION|VNET/,
    'network',
    'person',
    "The workspace's subnets have no free address, or their set-up is wrong.",
    'Ask whoever runs the network: 140 nodes need /24 subnets, two of them.',
  ],
  [
    /INSTANCE_POOL_MAX_CAPACITY/,
    'pool full',
    'other-node-type',
    'The instance pool is at its maximum capacity.',
    "Raise the pool's maximum capacity; meanwhile the cluster starts outside the pool.",
  ],
  [
    /INSTANCE_POOL_NOT_FOUND/,
    'pool gone',
    'other-node-type',
    'The instance pool was deleted.',
    'The cluster starts outside the pool. Find out who deleted the pool.',
  ],
  [
    /INSTANCE_POOL/,
    'pool',
    'again',
    'The instance pool could not give an instance.',
    "Look at the pool's pending instance errors.",
  ],
  [
    /REQUEST_LIMIT|RATE_LIMITED|THROTTL|REQUEST_REJECTED/,
    'throttled',
    'again',
    'Databricks launched too many nodes at once for this workspace.',
    'Nothing: it is tried again more slowly.',
  ],
];

/** Turns the termination reason of a cluster that came up and died, or never came up, into what a person can use. */
export function diagnoseTermination(reason: TerminationReason | undefined, message?: string): Diagnosis {
  const code = reason?.code ?? 'UNKNOWN';
  const detail =
    reason?.parameters?.['databricks_error_message'] ?? reason?.parameters?.['azure_error_message'] ?? message ?? '';
  const termination = `${code}${detail ? `: ${detail.slice(0, 300)}` : ''}`;
  for (const [codes, className, remedy, meaning, toDo] of RULES) {
    if (!codes.test(code)) continue;
    const exit = className === 'init script' ? meaningOfExit(detail) : undefined;
    return {
      class: className,
      cause: `${exit?.meaning ?? meaning} (${termination})`,
      toDo: exit?.toDo ?? toDo,
      remedy,
    };
  }
  return {
    class: 'launch',
    cause: `The cluster did not come up, or died. (${termination})`,
    toDo: "If it keeps failing, open the cluster's event log in the workspace.",
    remedy: 'again',
  };
}
