import type { PlanInForce } from '../replayed/checklist/plan-in-force.ts';
import { CLUSTER_TAGS, NAME_PREFIX, POOL_TAGS } from '../replayed/made/cluster-spec.ts';
import { forAShell } from '../replayed/made/for-a-shell.ts';
import { poolEdit, poolEditCommand } from '../replayed/made/pool-spec.ts';

/** Something that is done in a terminal with nothing but the `databricks` command line (and jq, where it is named). */
export interface ByHand {
  readonly heading: string;
  readonly why: string;
  /** Lines for a POSIX shell, as they are pasted. */
  readonly commands: string;
}

/** The profile that the other commands go by: nobody's other profiles are touched. */
const profileOf = (workshopId: string): string => `handover-${workshopId}`;

/** Signs in, in the browser. */
export const signInByHand = ({ plan }: Pick<PlanInForce, 'plan'>): ByHand => ({
  heading: 'Sign in, as a workspace admin',
  why:
    'Once on every computer; the browser opens. With a service principal, write its profile into `~/.databrickscfg` ' +
    'instead.',
  commands: `databricks auth login --host ${forAShell(plan.workspace)} --profile ${forAShell(profileOf(plan.id))}`,
});

/** Of every new terminal. */
const chosen = ({ plan }: Pick<PlanInForce, 'plan'>): ByHand => ({
  heading: 'In every new terminal',
  why: 'All that follows goes to the workspace of this workshop. The last line says who you are there.',
  commands: [
    'unset DATABRICKS_HOST DATABRICKS_TOKEN DATABRICKS_CLIENT_ID DATABRICKS_CLIENT_SECRET',
    `export DATABRICKS_CONFIG_PROFILE=${forAShell(profileOf(plan.id))}`,
    'databricks current-user me',
  ].join('\n'),
});

/** What carries the workshop on: its clusters run, or sleep. */
export function finishingByHand(inForce: PlanInForce, clusterIds: readonly string[]): ByHand[] {
  return [
    chosen(inForce),
    ...(clusterIds.length === 0
      ? []
      : [
          {
            heading: 'Start every cluster',
            why: 'Half an hour before the start. One that runs already says so, and goes on running.',
            commands: forEach(clusterIds, (id) => `databricks clusters start ${id} --no-wait`, 'not started'),
          },
          {
            heading: 'Stop every cluster',
            why:
              'They can be started again. What is in `~/workshop` stays; what else is on their disks is erased. Left ' +
              `alone, each stops by itself ${inForce.plan.compute.autoTerminationMinutes} minutes after its last use.`,
            commands: forEach(clusterIds, (id) => `databricks clusters delete ${id} --no-wait`, 'not stopped'),
          },
        ]),
    {
      heading: 'How every cluster stands',
      why: 'Also clusters that were made after this page was written: they are found by their tag.',
      commands: taggedClusters(inForce),
    },
  ];
}

/** What takes everything away that costs money, in this order. */
export function removingByHand(inForce: PlanInForce, clusterIds: readonly string[]): ByHand[] {
  const { plan, runId, people, poolId } = inForce;
  const lowered = poolId === undefined ? undefined : poolEditCommand(poolEdit(poolId, { plan, runId, people }));
  return [
    ...(lowered === undefined
      ? []
      : [{ heading: 'Let the pool keep nothing waiting', why: 'Machines that wait cost money.', commands: lowered }]),
    ...(clusterIds.length === 0
      ? []
      : [
          {
            heading: 'Delete every cluster for good',
            why: 'They cannot be had back, and what is only on their disks is gone. `~/workshop` stays.',
            commands: forEach(clusterIds, (id) => `databricks clusters permanent-delete ${id}`, 'not deleted'),
          },
        ]),
    ...(poolId === undefined
      ? []
      : [
          {
            heading: 'Delete the pool',
            why: 'After the clusters. Its last machines go some minutes later.',
            commands: `databricks instance-pools delete ${forAShell(poolId)}`,
          },
        ]),
    {
      heading: 'List what is left',
      why:
        'Clusters and pools that carry the tag of this workshop. Two empty lists, some minutes apart, are the proof ' +
        'that nothing costs money any more. What is listed goes with `databricks clusters permanent-delete` or ' +
        '`databricks instance-pools delete` and its id. This needs jq; without it, `databricks clusters list` and ' +
        '`databricks instance-pools list` show names, and those of this workshop begin with ' +
        `\`${NAME_PREFIX}${plan.id}-\`.`,
      commands: `${taggedClusters(inForce)}\n${taggedPools(inForce)}`,
    },
  ];
}

/** One refusal does not keep the others from their turn. */
const forEach = (ids: readonly string[], command: (id: string) => string, failed: string): string =>
  `for id in \\\n${inLines(ids.map(forAShell))}\ndo\n  ${command('"$id"')} || echo "${failed}: $id"\ndone`;

const IDS_IN_A_LINE = 4;

function inLines(words: readonly string[]): string {
  const lines: string[] = [];
  for (let from = 0; from < words.length; from += IDS_IN_A_LINE)
    lines.push(`  ${words.slice(from, from + IDS_IN_A_LINE).join(' ')}`);
  return lines.join(' \\\n');
}

const taggedClusters = ({ plan }: Pick<PlanInForce, 'plan'>): string =>
  'databricks clusters list -o json |\n  jq -r ' +
  forAShell(
    `.[]? | select(.custom_tags[${JSON.stringify(CLUSTER_TAGS.id)}] == ${JSON.stringify(plan.id)}) | ` +
      '[.cluster_id, .state, .cluster_name] | @tsv',
  );

const taggedPools = ({ plan }: Pick<PlanInForce, 'plan'>): string =>
  'databricks instance-pools list -o json |\n  jq -r ' +
  forAShell(
    `.[]? | select(.custom_tags[${JSON.stringify(POOL_TAGS.id)}] == ${JSON.stringify(plan.id)} and ` +
      '.state != "DELETED") | [.instance_pool_id, .state, .instance_pool_name] | @tsv',
  );
