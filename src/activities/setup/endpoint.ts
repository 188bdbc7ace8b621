import { ApplicationFailure } from '@temporalio/common';
import type { Plan } from '../../domain/plan/plan.ts';
import { adviceDuring, adviceFor } from '../../domain/money/serving-answers.ts';
import type { ActivityDeps } from '../deps.ts';
import { lasting, type FailureDetail } from '../retryable-failures.ts';
import type { Run } from '../run.ts';

/** Whether the model answers, and if not, what that means. 0: it did not answer at all, or not in time. */
export type ModelAnswer =
  | { readonly well: true }
  | { readonly well: false; readonly status: number; readonly message: string; readonly toDo: string };

/** People who wait longer than this for a first word think that it is broken. */
const PATIENCE_MS = 20_000;

const isAlive = (status: number): boolean => status === 200 || status === 400;

/** Model Serving, asked the way Claude Code asks it, with one token of output. */
export const endpointActivities = ({ workspace }: ActivityDeps) => ({
  /**
   * 200 and 400 are alive. Anything else, silence included, is a failure with a hint of its own. Returns evidence with
   * latencies in milliseconds.
   */
  async probeEndpoint(_run: Run, { plan, times }: { plan: Plan; times: number }): Promise<string> {
    const { model } = plan.serving;
    const latencies: number[] = [];
    let status = 0;
    let retryAfterMs: number | undefined;
    for (let i = 0; i < times; i += 1) {
      const answer = await workspace.servingEndpoints.messages(model, { maxTokens: 1, prompt: 'ping' });
      ({ status, retryAfterMs } = answer);
      latencies.push(Math.round(answer.ms));
      if (!isAlive(status)) {
        const advice = adviceFor(status, model);
        if (status === 429 || status >= 500) throw asRetryable(status, model, advice, retryAfterMs);
        throw lasting(`HTTP_${status}`, `The serving endpoint answered ${status} for ${model}.`, advice);
      }
    }
    latencies.sort((a, b) => a - b);
    const shown =
      times === 1
        ? `${latencies[0]} ms`
        : `${times} probes, median ${latencies[Math.floor(times / 2)]} ms, slowest ${latencies.at(-1)} ms`;
    return `${model} answers ${status} (${shown})`;
  },

  /** One probe while people work. Never fails: that nothing answers is an answer, too. */
  async modelAnswers(_run: Run, { plan }: { plan: Plan }): Promise<ModelAnswer> {
    const { model } = plan.serving;
    const refused = (status: number, message: string): ModelAnswer => ({
      well: false,
      status,
      message,
      toDo: adviceDuring(status, model),
    });
    try {
      const { status } = await workspace.servingEndpoints.messages(
        model,
        { maxTokens: 1, prompt: 'ping' },
        { signal: AbortSignal.timeout(PATIENCE_MS) },
      );
      return isAlive(status) ? { well: true } : refused(status, `${model} refuses what it is asked, with ${status}.`);
    } catch {
      return refused(0, `${model} did not answer within ${PATIENCE_MS / 1_000} seconds.`);
    }
  },
});

const asRetryable = (status: number, model: string, advice: string, retryAfterMs: number | undefined) =>
  ApplicationFailure.create({
    message: `The serving endpoint answered ${status} for ${model}.`,
    type: `HTTP_${status}`,
    details: [{ toDo: advice } satisfies FailureDetail],
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
  });
