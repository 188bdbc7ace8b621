import { z } from 'zod';
import { canceledBy } from './endings.ts';
import { settleSpec } from '../clusters/cluster-validation.ts';
import { actionRoutes } from '../http/action-routes.ts';
import { invalidParameter, invalidState } from '../http/errors.ts';
import { requireOnJob } from './job-access.ts';
import { readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import { accessControl, id64, idempotencyToken, queryId } from './request-fields.ts';
import { runAsBody, runAsOf } from './run-as.ts';
import { listRuns } from './run-listing.ts';
import type { Run, TaskRun } from './run-model.ts';
import { outputView } from './run-output.ts';
import { runView, taskAsRunView } from './run-view.ts';
import { mustBeRunnable, taskEnvironments, taskSpec, taskWork } from './task-spec.ts';
import type { TaskSpec } from './task-spec.ts';
import type { Workspace } from '../workspace.ts';

const submitBody = taskWork.extend({
  run_name: text.max(4_096).default('Untitled'),
  tasks: z.array(taskSpec).optional(),
  environments: taskEnvironments,
  idempotency_token: idempotencyToken,
  run_as: runAsBody.optional(),
  access_control_list: accessControl,
});
const runBody = z.object({ run_id: id64 });

/** The fields of the single-task form that are not about the run as a whole. */
const WORK_FIELDS = /_task$|^(existing_cluster_id|new_cluster|libraries|environment_key)$/;

/** The versions of the Jobs API, which answer alike here. */
const JOBS_APIS = ['/api/2.1/jobs', '/api/2.2/jobs', '/api/2.0/jobs'] as const;

/** /api/2.1/jobs/runs and the same under 2.2 and 2.0 (docs/facts/databricks.md sections 2 and 4). */
export function runRoutes(workspace: Workspace): Route[] {
  const { runs, permissions } = workspace;
  permissions.register('jobs', {
    mustExist(id) {
      if (!runs.hasJob(Number(id))) throw invalidParameter(`Job ${id} does not exist.`);
    },
  });
  return actionRoutes(
    workspace,
    JOBS_APIS.map((root) => `${root}/runs`),
    { source: 'docs/facts/databricks.md section 4' },
    [
      [
        'POST',
        'submit',
        'Begins a one-time run of notebooks and Python files: on a cluster that exists, on a new one, or serverless',
        submit,
      ],
      ['GET', 'get', 'One run, or one task of a run, with its state', get],
      ['GET', 'get-output', 'What a task left behind: result, logs, error and trace', getOutput],
      ['GET', 'list', 'Runs, newest first, in pages', list],
      ['POST', 'cancel', 'Ends a run', cancel],
      ['POST', 'delete', 'Removes a run that has ended', remove],
    ],
  );
}

function submit(workspace: Workspace, call: Call): Reply {
  const { runs, permissions } = workspace;
  const body = readBody(submitBody, call.json);
  const { run_name, access_control_list, idempotency_token, timeout_seconds } = body;
  const tasks = submittedTasks(body);
  const runAs = runAsOf(workspace, body.run_as, call.caller);
  checkClusters(workspace, tasks);
  const planned = tasks.map((spec) => ({
    spec,
    jobCluster: spec.new_cluster && settleSpec(workspace, spec.new_cluster, call.caller, runAs),
  }));
  const known = runs.begunWith(call.caller, idempotency_token);
  if (known) return ok({ run_id: known.id });
  const jobId = runs.newId();
  permissions.grantHighest(call.caller, 'jobs', String(jobId));
  permissions.add('jobs', String(jobId), access_control_list);
  const run = runs.begin(
    {
      jobId,
      name: run_name,
      format: body.tasks ? 'MULTI_TASK' : 'SINGLE_TASK',
      creator: call.caller,
      runAs,
      timeoutSeconds: timeout_seconds,
      tasks: planned,
      idempotencyToken: idempotency_token,
    },
    call.at,
  );
  return ok({ run_id: run.id });
}

function submittedTasks(body: z.output<typeof submitBody>): readonly TaskSpec[] {
  if (body['git_source'] !== undefined)
    throw invalidParameter('git_source is not supported in the sandbox: it reads workspace files and volumes.');
  const tasks = body.tasks ?? [onlyTask(body)];
  mustBeRunnable(
    tasks,
    body.environments.map(({ environment_key }) => environment_key),
  );
  return tasks;
}

/** Of the single-task form. */
function onlyTask(body: z.output<typeof submitBody>): TaskSpec {
  const work = Object.fromEntries(Object.entries(body).filter(([field]) => WORK_FIELDS.test(field)));
  if (Object.keys(work).length === 0) throw invalidParameter('Missing required field: tasks');
  return readBody(taskSpec, { ...work, task_key: 'main' });
}

/** @throws 400 for a cluster that does not exist or that takes no jobs (docs/facts/databricks.md section 5). */
function checkClusters({ clusters }: Workspace, tasks: readonly TaskSpec[]): void {
  for (const { existing_cluster_id } of tasks) {
    if (!existing_cluster_id) continue;
    const { id, spec } = clusters.get(existing_cluster_id);
    if (spec.workload_type?.clients.jobs === false)
      throw invalidParameter(`Cluster ${id} does not accept jobs: its workload_type.clients.jobs is false.`);
  }
}

function get(workspace: Workspace, call: Call): Reply {
  const { run, task } = found(workspace, call);
  const url = workspaceUrl(workspace);
  return ok(task ? taskAsRunView(task, url) : runView(run, url));
}

function getOutput(workspace: Workspace, call: Call): Reply {
  const { run, task } = found(workspace, call);
  return ok(outputView(run, task, workspaceUrl(workspace)));
}

function list(workspace: Workspace, call: Call): Reply {
  const { runs, permissions } = workspace;
  const visible: Run[] = [];
  for (const run of runs.all())
    if (permissions.allows(call.caller, 'jobs', String(run.jobId), 'CAN_VIEW')) visible.push(run);
  return ok(listRuns(visible, call.query, workspaceUrl(workspace)));
}

function cancel(workspace: Workspace, call: Call): Reply {
  const { run } = managed(workspace, call);
  workspace.runs.engine.stop(run, canceledBy(call.caller), call.at);
  return ok({});
}

function remove(workspace: Workspace, call: Call): Reply {
  const { run } = managed(workspace, call);
  if (run.ending === undefined) throw invalidState(`Run ${run.id} is active and cannot be deleted. Cancel it first.`);
  workspace.runs.remove(run);
  return ok({});
}

function found(workspace: Workspace, call: Call): { readonly run: Run; readonly task: TaskRun | undefined } {
  const known = workspace.runs.get(queryId(call.query, 'run_id'));
  requireOnJob(workspace, call.caller, known.run.jobId, 'CAN_VIEW');
  return known;
}

function managed(workspace: Workspace, call: Call): { readonly run: Run } {
  const known = workspace.runs.get(readBody(runBody, call.json).run_id);
  requireOnJob(workspace, call.caller, known.run.jobId, 'CAN_MANAGE_RUN');
  return known;
}

/** The address of the workspace as links to it begin. */
const workspaceUrl = (workspace: Workspace): string => `${workspace.url()}/?o=${workspace.id}`;
