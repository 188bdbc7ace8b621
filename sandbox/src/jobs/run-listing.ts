import { invalidParameter } from '../http/errors.ts';
import { jobPage } from './job-page.ts';
import { queryInteger } from '../http/request-body.ts';
import type { Run } from './run-model.ts';
import { runView } from './run-view.ts';

const LARGEST_PAGE = 25;
const TYPES = ['JOB_RUN', 'SUBMIT_RUN', 'WORKFLOW_RUN'];

/**
 * The answer of runs/list; `runs` is left out when empty.
 * @param visible every run the caller may see, oldest first.
 */
export function listRuns(visible: readonly Run[], query: URLSearchParams, url: string): unknown {
  const { entries, links } = jobPage(visible.filter(matcher(query)), query, LARGEST_PAGE);
  const withTasks = query.get('expand_tasks') === 'true';
  return { ...(entries.length > 0 ? { runs: entries.map((run) => runView(run, url, withTasks)) } : {}), ...links };
}

function matcher(query: URLSearchParams): (run: Run) => boolean {
  const isActiveOnly = query.get('active_only') === 'true';
  const isCompletedOnly = query.get('completed_only') === 'true';
  if (isActiveOnly && isCompletedOnly) throw invalidParameter('active_only and completed_only cannot both be true.');
  const type = query.get('run_type') ?? '';
  if (type !== '' && !TYPES.includes(type))
    throw invalidParameter(
      `Invalid value for parameter 'run_type': '${type.slice(0, 40)}'. Supported: ${TYPES.join(', ')}`,
    );
  const jobId = queryInteger(query, 'job_id', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const from = queryInteger(query, 'start_time_from', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const to = queryInteger(query, 'start_time_to', 0, Number.MAX_SAFE_INTEGER) ?? Number.POSITIVE_INFINITY;
  return (run) =>
    !(isActiveOnly && run.ending) &&
    !(isCompletedOnly && !run.ending) &&
    (type === '' || type === 'SUBMIT_RUN') &&
    (jobId === 0 || run.jobId === jobId) &&
    run.createdAt >= from &&
    run.createdAt <= to;
}
