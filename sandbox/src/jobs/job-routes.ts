import { z } from 'zod';
import { actionRoutes } from '../http/action-routes.ts';
import { invalidParameter } from '../http/errors.ts';
import { requireOnJob } from './job-access.ts';
import { jobPage } from './job-page.ts';
import { createBody, jobSettings, updated, withDefaults } from './job-settings.ts';
import type { Job } from './jobs.ts';
import { readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import { runAsOf } from './run-as.ts';
import { id64, idempotencyToken, queryId } from './request-fields.ts';
import { JOBS_APIS, checkClusters } from './run-routes.ts';
import { runnableTasks } from './task-spec.ts';
import type { Workspace } from '../workspace.ts';

const LARGEST_PAGE = 100;

const jobBody = z.object({ job_id: id64 });
const resetBody = z.object({ job_id: id64, new_settings: jobSettings });
const updateBody = z.object({
  job_id: id64,
  new_settings: jobSettings.default({}),
  fields_to_remove: z.array(text).max(1_000).default([]),
});
const runNowBody = z.object({
  job_id: id64,
  idempotency_token: idempotencyToken,
  job_parameters: z.record(text, text).default({}),
  notebook_params: z.record(text, text).optional(),
  python_params: z.array(text).optional(),
  only: z.array(text).optional(),
});

/** /api/2.1/jobs and the same under 2.2 and 2.0. What a job can do is judged when it is run, not when it is created. */
export function jobRoutes(workspace: Workspace): Route[] {
  const { jobs, runs, permissions } = workspace;
  permissions.register('jobs', {
    mustExist(id) {
      if (runs.ofJob(Number(id)).length === 0) jobs.get(Number(id));
    },
  });
  return actionRoutes(workspace, JOBS_APIS, { source: 'facts/databricks.md section 11' }, [
    ['POST', 'create', 'Keeps the settings of a job', create],
    ['GET', 'get', 'One job', get],
    ['GET', 'list', 'Jobs, newest first, in pages', list],
    ['POST', 'update', 'Changes some settings of a job', update],
    ['POST', 'reset', 'Replaces all settings of a job', reset],
    ['POST', 'delete', 'Removes a job; what runs goes on', remove],
    ['POST', 'run-now', 'Begins a run of a job', runNow],
  ]);
}

function create(workspace: Workspace, call: Call): Reply {
  const { jobs, runs, permissions } = workspace;
  const { access_control_list, ...settings } = readBody(createBody, call.json);
  const runAs = runAsOf(workspace, settings.run_as, call.caller);
  const id = runs.newId();
  permissions.grantHighest(call.caller, 'jobs', String(id));
  permissions.add('jobs', String(id), access_control_list);
  jobs.create(id, withDefaults(settings), call.caller, runAs, call.at);
  return ok({ job_id: id });
}

function get(workspace: Workspace, call: Call): Reply {
  const job = held(workspace, call, queryId(call.query, 'job_id'), 'CAN_VIEW');
  return ok({ ...view(job, true), run_as_user_name: job.runAs.userName });
}

function list(workspace: Workspace, call: Call): Reply {
  const { jobs, permissions } = workspace;
  const name = call.query.get('name')?.toLowerCase();
  const visible: Job[] = [];
  for (const job of jobs.all()) {
    const isNamed = name === undefined || job.settings.name?.toLowerCase() === name;
    if (isNamed && permissions.allows(call.caller, 'jobs', String(job.id), 'CAN_VIEW')) visible.push(job);
  }
  const { entries, links } = jobPage(visible, call.query, LARGEST_PAGE);
  const withTasks = call.query.get('expand_tasks') === 'true';
  return ok({ ...(entries.length > 0 ? { jobs: entries.map((job) => view(job, withTasks)) } : {}), ...links });
}

function update(workspace: Workspace, call: Call): Reply {
  const { job_id, new_settings, fields_to_remove } = readBody(updateBody, call.json);
  const job = held(workspace, call, job_id, 'CAN_MANAGE');
  if (new_settings.run_as) job.runAs = runAsOf(workspace, new_settings.run_as, call.caller);
  job.settings = updated(job.settings, new_settings, fields_to_remove);
  return ok({});
}

function reset(workspace: Workspace, call: Call): Reply {
  const { job_id, new_settings } = readBody(resetBody, call.json);
  const job = held(workspace, call, job_id, 'CAN_MANAGE');
  // Leaving run_as out does not take it away: it stays with whom it was.
  if (new_settings.run_as) job.runAs = runAsOf(workspace, new_settings.run_as, call.caller);
  const { run_as } = job.settings;
  job.settings = withDefaults({ ...(run_as ? { run_as } : {}), ...new_settings });
  return ok({});
}

function remove(workspace: Workspace, call: Call): Reply {
  workspace.jobs.remove(held(workspace, call, readBody(jobBody, call.json).job_id, 'CAN_MANAGE'));
  return ok({});
}

function runNow(workspace: Workspace, call: Call): Reply {
  const body = readBody(runNowBody, call.json);
  const job = held(workspace, call, body.job_id, 'CAN_MANAGE_RUN');
  const { settings } = job;
  const chosen = (settings.tasks ?? []).filter(
    ({ task_key }) => body.only === undefined || body.only.includes(task_key),
  );
  const tasks = runnableTasks(chosen);
  checkClusters(workspace, tasks);
  const run = workspace.runs.begin(
    {
      jobId: job.id,
      type: 'JOB_RUN',
      name: settings.name ?? 'Untitled',
      description: settings.description,
      format: 'MULTI_TASK',
      creator: call.caller,
      runAs: job.runAs,
      timeoutSeconds: settings.timeout_seconds ?? 0,
      tasks,
      idempotencyToken: body.idempotency_token,
      mostAtOnce: settings.max_concurrent_runs,
      jobParameters: parametersOf(job, body.job_parameters),
      notebookParameters: body.notebook_params,
      pythonParameters: body.python_params,
    },
    call.at,
  );
  return ok({ run_id: run.id, number_in_job: run.id });
}

function parametersOf(
  { settings }: Job,
  given: Readonly<Record<string, string>>,
): { name: string; default: string; value: string }[] {
  const known = settings.parameters ?? [];
  const unknown = Object.keys(given).find((name) => !known.some((parameter) => parameter.name === name));
  if (unknown !== undefined) throw invalidParameter(`The job has no parameter '${unknown}'.`);
  return known.map(({ name, default: value }) => ({ name, default: value, value: given[name] ?? value }));
}

function held(workspace: Workspace, call: Call, id: number, level: 'CAN_VIEW' | 'CAN_MANAGE_RUN' | 'CAN_MANAGE'): Job {
  const job = workspace.jobs.get(id);
  requireOnJob(workspace, call.caller, id, level);
  return job;
}

function view({ id, creator, createdAt, settings }: Job, withTasks: boolean): Record<string, unknown> {
  const { tasks, ...rest } = settings;
  return {
    job_id: id,
    creator_user_name: creator.userName,
    created_time: createdAt,
    settings: withTasks ? { ...rest, tasks } : rest,
  };
}
