import { asJson } from '../made/for-a-shell.ts';
import { INIT_SCRIPT } from '../made/claude-code.ts';
import { clusterName, clusterSpec } from '../made/cluster-spec.ts';
import { OLDEST_CLI } from '../made/databricks-cli.ts';
import type { Plan } from '../../plan/plan.ts';
import { seatKey } from '../seat/seat-key.ts';
import { volumePath } from '../made/volume-path.ts';

const SEAT = 'by-hand';

/**
 * What a person types where the worker could not try the way to Claude Code, and what is to come of it. A line each.
 */
export function byHand({
  plan,
  runId,
  policyId,
  poolId,
  why,
}: {
  readonly plan: Plan;
  readonly runId: string;
  readonly policyId: string;
  readonly poolId: string | undefined;
  readonly why: string;
}): string[] {
  const key = seatKey(runId, SEAT);
  const spec = clusterSpec({
    plan,
    runId,
    key,
    generation: 0,
    policyId,
    singleUserName: '<your user name>',
    name: clusterName(plan.id, { email: SEAT, key }),
    ...(poolId === undefined ? {} : { poolId }),
    scriptPath: volumePath(plan.unityCatalog.scripts, INIT_SCRIPT),
    logsPath: volumePath(plan.unityCatalog.logs),
  });

  // Two thousand signs that nobody copies well: without them Claude Code is set up as an empty plan has it.
  const { WORKSHOP_CLAUDE_SETTINGS: _, ...variables } = spec.spark_env_vars;
  const typed = { ...spec, spark_env_vars: variables };

  return [
    `The worker did not try it: ${why}. Give it the databricks CLI and ssh (docs/deployment.md) and the canary ` +
      'of the day before does; or try it by hand.',
    ...(plan.testers.length > 0
      ? [
          "A tester types, on a laptop: databricks ssh connect --cluster <id of the tester's cluster> -- 'id " +
            "-un; check-claude --deep'",
        ]
      : []),
    `${plan.testers.length > 0 ? 'Or, on any' : 'On a'} computer with the databricks CLI ${OLDEST_CLI} or later ` +
      `and ssh, signed in to ${plan.workspace}:`,
    'databricks current-user me',
    `databricks clusters create ${asJson(typed)}`,
    `databricks ssh connect --cluster <the cluster_id it printed> -- 'id -un; check-claude --deep'`,
    'databricks clusters permanent-delete <the cluster_id>',
    'It is so when ssh prints "root", no line of check-claude says FAIL, and the line "deep" says that Claude ' +
      'Code answers.',
  ];
}
