import { z } from 'zod';
import { listOf, maybe } from './fields.ts';
import { pages } from '../transport/paging.ts';
import type { CallOptions, Transport } from '../transport/transport.ts';

const text = maybe(z.string());

const runState = maybe(z.looseObject({ life_cycle_state: text, result_state: text, state_message: text }));

const jobRun = z.looseObject({
  run_id: z.number(),
  run_name: text,
  /** Epoch milliseconds; the end is 0 while it goes on. */
  start_time: maybe(z.number()),
  end_time: maybe(z.number()),
  state: runState,
  /** Ids of their own: output is asked for with these. */
  tasks: listOf(z.looseObject({ run_id: z.number() })),
});
export type JobRun = z.output<typeof jobRun>;

const runOutput = z.looseObject({
  /** What a Python file printed; the end of it, when it was a lot. */
  logs: text,
});
export type RunOutput = z.output<typeof runOutput>;

/** A one-time run; its fields as in the Jobs API. */
export interface RunSubmission {
  readonly run_name: string;
  /**
   * At most 64 characters. The same token again gives the run that was begun with it
   * (docs/facts/databricks.md section 2).
   */
  readonly idempotency_token: string;
  /** An admin may name anybody, everybody else only themselves (docs/facts/databricks.md section 4). */
  readonly run_as?: { readonly user_name: string };
  readonly timeout_seconds: number;
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
}

export interface Jobs {
  /** Idempotent by its token. A run on a cluster that is stopped starts it. */
  submit(run: RunSubmission, options?: CallOptions): Promise<{ runId: number }>;
  /**
   * One-time runs begun since then (epoch milliseconds), newest first, with their tasks; those of others too, as far as
   * the caller may see them.
   */
  listRuns(since: number, options?: CallOptions): AsyncIterable<JobRun>;
  /** @param runId of a task: a run with tasks has no output itself. */
  getRunOutput(runId: number, options?: CallOptions): Promise<RunOutput>;
}

/** The most that runs/list gives in a page. */
const PAGE_SIZE = 25;

/** Jobs API 2.2, one-time runs only (docs/facts/databricks.md section 4). */
export function jobs(transport: Transport): Jobs {
  return {
    async submit(run, options) {
      const { run_id } = await transport.read(z.looseObject({ run_id: z.number() }), {
        method: 'POST',
        path: '/api/2.2/jobs/runs/submit',
        body: run,
        ...options,
      });
      return { runId: run_id };
    },
    listRuns(since, options) {
      const query = { run_type: 'SUBMIT_RUN', expand_tasks: true, start_time_from: since, limit: PAGE_SIZE };
      return pages(transport, { method: 'GET', path: '/api/2.2/jobs/runs/list', query, ...options }, 'runs', jobRun);
    },
    getRunOutput: (runId, options) =>
      transport.read(runOutput, {
        method: 'GET',
        path: '/api/2.2/jobs/runs/get-output',
        query: { run_id: runId },
        ...options,
      }),
  };
}

/** True once a run does nothing more, however it ended. */
export const isOver = ({ state }: Pick<JobRun, 'state'>): boolean =>
  ['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR'].includes(state?.life_cycle_state ?? '');
