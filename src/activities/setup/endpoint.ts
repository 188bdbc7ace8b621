import { ApplicationFailure } from '@temporalio/common';
import type { Plan } from '../../domain/plan/plan.ts';
import { firstRequest } from '../../domain/money/first-request.ts';
import { endpointsOf } from '../../domain/replayed/made/claude-settings.ts';
import { adviceDuring, adviceFor } from '../../domain/money/serving-answers.ts';
import type { ActivityDeps } from '../deps.ts';
import { lasting, type FailureDetail } from '../retryable-failures.ts';
import type { Run } from '../run.ts';
import { claudeModelsListed } from './models-listed.ts';

/** Whether the model answers, and if not, what that means. 0: it did not answer at all, or not in time. */
export type ModelAnswer =
  | { readonly well: true }
  | { readonly well: false; readonly status: number; readonly message: string; readonly toDo: string };

/** People who wait longer than this for a first word think that it is broken. */
const PATIENCE_MS = 20_000;

/** Model Serving, asked what Claude Code asks first. */
export const endpointActivities = ({ workspace }: ActivityDeps) => ({
  /**
   * An answer of a model is alive, from each endpoint that the plan names. Anything else is a failure with a hint of
   * its own and the server's words: 400, a log-in page and silence too. Returns evidence with latencies in ms.
   */
  async probeEndpoint(_run: Run, { plan, times }: { plan: Plan; times: number }): Promise<string> {
    const evidence: string[] = [];
    for (const model of endpointsOf(plan)) {
      const latencies: number[] = [];
      for (let i = 0; i < times; i += 1) {
        const { answers, status, said, ms, retryAfterMs } = await workspace.servingEndpoints.claude(
          firstRequest(plan, model),
        );
        latencies.push(Math.round(ms));
        if (!answers) {
          const listed = status === 404 ? await claudeModelsListed(workspace) : '';
          throw notWell({ model, status, said, retryAfterMs, listed });
        }
      }
      latencies.sort((a, b) => a - b);
      const shown =
        times === 1
          ? `${latencies[0]} ms`
          : `${times} probes, median ${latencies[Math.floor(times / 2)]} ms, slowest ${latencies.at(-1)} ms`;
      evidence.push(`${model} answers 200 (${shown})`);
    }
    return evidence.join('; ');
  },

  /** One probe while people work. Never fails: that nothing answers is an answer, too. */
  async modelAnswers(_run: Run, { plan }: { plan: Plan }): Promise<ModelAnswer> {
    const { model } = plan.serving;
    const refused = (status: number, message: string, said = ''): ModelAnswer => ({
      well: false,
      status,
      message,
      toDo: adviceDuring(status, model, said),
    });
    try {
      const { answers, status, said } = await workspace.servingEndpoints.claude(firstRequest(plan), {
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return answers
        ? { well: true }
        : refused(status, `${model} refuses what it is asked, with ${status}${quoted(said)}.`, said);
    } catch {
      return refused(0, `${model} did not answer within ${PATIENCE_MS / 1_000} seconds.`);
    }
  },
});

/** A sentence goes on after it. */
const quoted = (said: string): string => (said === '' ? '' : `: "${said.replace(/\.$/, '')}"`);

function notWell({
  model,
  status,
  said,
  retryAfterMs,
  listed,
}: {
  readonly model: string;
  readonly status: number;
  readonly said: string;
  readonly retryAfterMs: number | undefined;
  /** What there is instead; may be empty. */
  readonly listed: string;
}): ApplicationFailure {
  const advice = [adviceFor(status, model, said), listed].filter(Boolean).join(' ');
  const message = `The serving endpoint answered ${status} for ${model}${quoted(said)}.`;
  if (status !== 429 && status < 500) return lasting(`HTTP_${status}`, message, advice);
  return ApplicationFailure.create({
    message,
    type: `HTTP_${status}`,
    details: [{ toDo: advice } satisfies FailureDetail],
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
  });
}
