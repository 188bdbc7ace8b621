import { Context } from '@temporalio/activity';
import { isOver, DatabricksError, type JobRun } from '../../databricks/workspace.ts';
import { readJobReport, type JobReport } from '../../domain/replayed/seat/job-report.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import type { ActivityDeps } from '../deps.ts';
import { lasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';
import { initScriptEvidence, type InitScriptEvidence } from './init-script-evidence.ts';
import type { ClusterListings } from './listings.ts';
import { RunListings } from './run-listings.ts';
import { pollUntil } from './waiting.ts';

/** What runs, below the scripts volume. */
export const JOB_FILE = 'jobs/as-attendee.py';
/** How its runs are called in the workspace, where their owner sees them too. */
export const JOB_NAME = 'workshop check';

const TASK = 'workshop';
/** How far our clock and the workspace's may be apart: a run that began before a listing does is never found in it. */
const SKEW_MS = 10 * 60_000;
/** So many times as long as between two listings of clusters: a page of runs holds a quarter of one of clusters. */
const LISTING_GAPS = 5;

/**
 * What a run says whose identity may not use the cluster: its owner could not connect either
 * (docs/facts/databricks.md section 4).
 */
const NOT_THEIRS = /Single-user check failed|lacks '(Attach|Restart)'/;

/** What a run says whose file is not where it should be, or closed to its identity. */
const NO_FILE = /Unable to access the Python file/;

export interface JobRequest {
  readonly plan: Plan;
  readonly clusterId: string;
  /** Whose cluster it is, and whom the job runs as. Left out: the worker's own. */
  readonly userName?: string | undefined;
  /** Look at the cluster with their eyes: check-claude. */
  readonly check: boolean;
  /** With `check`: Claude Code answers a question, too. */
  readonly deep?: boolean;
  /** Save what lies outside their work folder. */
  readonly save: boolean;
  /** Put this version of the Databricks CLI where its first connection looks for it. */
  readonly seedCli?: string | undefined;
  /** The cluster's events are read, too: before all else, or where the job tells nothing of the cluster. */
  readonly evidence?: 'first' | 'if needed' | undefined;
  /** Makes a repeated attempt the same run; at most 64 characters. */
  readonly token: string;
  readonly limitMs: number;
  readonly pollMs: number;
}

/**
 * `ran: false`: nothing was seen with the person's own eyes, and why; nothing went wrong with their cluster. `silent`:
 * the workspace says that the job succeeded, and what it prints is not there.
 */
export type JobOutcome = (
  | { readonly ran: true; readonly report: JobReport }
  | { readonly ran: false; readonly why: string; readonly asleep?: true; readonly silent?: true }
) & {
  /** What the cluster's events said of its init script, where they were asked and knew. */
  readonly evidence?: InitScriptEvidence;
};

/**
 * Work on somebody's cluster as that person: an admin may not execute a command there, but may run a job as them
 * (docs/facts/databricks.md section 4).
 */
export const clusterJobActivities = (
  { workspace, closing, listingGap }: ActivityDeps,
  clusterListings: ClusterListings,
) => {
  const runListings = new RunListings(workspace, LISTING_GAPS * listingGap);

  /** What a listing shows as running, runs, or did a moment ago; that one does not run, is asked of it alone. */
  const isRunning = async (clusterId: string): Promise<boolean> => {
    const listed = await clusterListings.known(clusterId);
    return listed?.state === 'RUNNING' || (await workspace.clusters.get(clusterId)).state === 'RUNNING';
  };

  const submit = async ({
    plan,
    clusterId,
    userName,
    check,
    deep,
    save,
    seedCli,
    token,
    limitMs,
  }: JobRequest): Promise<number | string> => {
    try {
      const { runId } = await workspace.jobs.submit({
        run_name: JOB_NAME,
        idempotency_token: token,
        ...(userName === undefined ? {} : { run_as: { user_name: userName } }),
        timeout_seconds: Math.ceil((limitMs * 0.9) / 1_000),
        tasks: [
          {
            task_key: TASK,
            existing_cluster_id: clusterId,
            spark_python_task: {
              python_file: volumePath(plan.unityCatalog.scripts, JOB_FILE),
              parameters: [
                ...(check ? ['--check'] : []),
                ...(deep ? ['--deep'] : []),
                ...(save ? ['--save'] : []),
                ...(seedCli === undefined ? [] : ['--seed-cli', seedCli]),
              ],
            },
          },
        ],
      });
      return runId;
    } catch (error) {
      if (
        error instanceof DatabricksError &&
        (error.status === 403 || (error.status === 400 && /run_as/i.test(error.message)))
      )
        return error.message.slice(0, 300);
      throw error;
    }
  };

  /** The end of the run, from a listing that everybody shares. */
  const awaitEnd = (runId: number, { limitMs, pollMs }: JobRequest): Promise<JobRun> => {
    const began = Date.now();
    let looks = 0;
    // An earlier attempt may have begun the run.
    const since = Math.max(0, Context.current().info.scheduledTimestampMs - SKEW_MS);
    return runListings.while({ runId, since }, (find) =>
      pollUntil(closing, pollMs, async () => {
        looks += 1;
        // It has only just begun.
        if (looks === 1) return undefined;
        const found = await find();
        if (found && isOver(found)) return found;
        if (Date.now() - began > limitMs)
          throw lasting(
            'JOB_HUNG',
            `The job "${JOB_NAME}" (run ${runId}) does not end.`,
            'Look at the run in the workspace (Jobs & Pipelines, Runs): the cluster may be overloaded.',
          );
        return undefined;
      }),
    );
  };

  const work = async (request: JobRequest): Promise<JobOutcome> => {
    // A job would start a cluster that has fallen asleep, on an empty disk.
    if (!request.check && !(await isRunning(request.clusterId)))
      return { ran: false, why: 'the cluster was asleep already', asleep: true };
    const runId = await submit(request);
    if (typeof runId === 'string') return { ran: false, why: runId };
    const end = await awaitEnd(runId, request);
    const stateMessage = end.state?.state_message ?? '';
    if (NOT_THEIRS.test(stateMessage))
      throw lasting(
        'NOT_THEIR_CLUSTER',
        `${request.userName ?? 'The worker'} may not use cluster ${request.clusterId}: ${stateMessage}`.slice(0, 600),
        'The cluster must be dedicated to them (single_user_name), and they need CAN_RESTART on it: ' +
          'see its page in the workspace.',
      );
    if (NO_FILE.test(stateMessage)) return { ran: false, why: stateMessage.slice(0, 300) };
    if (end.state?.result_state !== 'SUCCESS') {
      throw lasting(
        'JOB_FAILED',
        `The job "${JOB_NAME}" (run ${runId}) came to nothing: ${stateMessage || 'it says no reason'}`.slice(0, 400),
        'Look at the run in the workspace (Jobs & Pipelines, Runs). Where it fails for everybody: ' +
          'retry the line "scripts", or do without it (verifyAs: events in the plan).',
      );
    }
    const { logs = '' } = await workspace.jobs.getRunOutput(end.tasks[0]?.run_id ?? runId);
    const report = readJobReport(logs);
    return report
      ? { ran: true, report }
      : {
          ran: false,
          why: (stateMessage || logs.trim().split('\n').at(-1) || 'the job printed nothing').slice(0, 300),
          silent: true,
        };
  };

  return {
    /**
     * Runs the workshop's job on one cluster and reads what it printed: submit, a listing shared with everybody who
     * waits, and its output. Idempotent by its token. Heartbeats. Where nobody may be run as somebody else, there is
     * nothing to run, or the workspace has nothing of what it printed, it says so and fails nobody.
     * @throws non-retryable NOT_THEIR_CLUSTER, JOB_FAILED and JOB_HUNG: a job that comes to nothing is as good as a
     * cluster that does not serve; with `evidence`, INIT_SCRIPT
     */
    async runOnCluster(_run: Run, request: JobRequest): Promise<JobOutcome> {
      const { evidence: when } = request;
      // They come first because they tell best why an init script failed.
      const before = when === 'first' ? await initScriptEvidence(workspace, request) : undefined;
      const outcome = await work(request);
      const isNeeded = before === undefined && when !== undefined && !(outcome.ran && outcome.report.check);
      const evidence = isNeeded ? await initScriptEvidence(workspace, request) : before;
      return evidence ? { ...outcome, evidence } : outcome;
    },
  };
};
