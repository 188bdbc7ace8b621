import type { Plan } from '../../plan/plan.ts';
import { requestsPerMinute } from './requests-of-a-prompt.ts';
import { fieldOfOutputTokens, mostOutputTokens } from '../made/claude-settings.ts';

export { azureCapacity, azureCapacityLines, type AzureCapacity } from './azure-capacity.ts';

/** What everyone together asks of model serving. */
export interface ServingDemand {
  readonly requestsPerMinute: number;
  readonly inputTokensPerMinute: number;
  /** As reserved: every request books its whole max_tokens before it is let in, and unused tokens come back after. */
  readonly outputTokensPerMinute: number;
  readonly queriesPerHour: number;
}

/** The part of a plan that the demand comes from. */
type ServingPlan = Pick<Plan, 'serving'> & Partial<Pick<Plan, 'claudeCode'>>;

export type ServingLimits = NonNullable<Plan['serving']['limits']>;

export interface ServingJudgement {
  readonly verdict: 'enough' | 'short' | 'unknown';
  readonly demand: ServingDemand;
  readonly limits?: ServingLimits;
  /** What to do about it, each a sentence; empty when there is enough. */
  readonly remedies: readonly string[];
}

/**
 * Tokens and requests of a full class, all at the plan's rate at the same time
 * (docs/facts/databricks-workspace.md section 9).
 */
export function servingDemand(plan: ServingPlan, people: number): ServingDemand {
  const { demand } = plan.serving;
  const inAMinute = people * requestsPerMinute(demand);
  return {
    requestsPerMinute: inAMinute,
    inputTokensPerMinute: Math.ceil(inAMinute * demand.inputTokens),
    outputTokensPerMinute: Math.ceil(inAMinute * mostOutputTokens(plan)),
    queriesPerHour: Math.ceil(inAMinute * 60),
  };
}

/** Compares the demand with the workspace's limits; the tightest of the three decides, as it does in Databricks. */
export function judgeServing(plan: ServingPlan, people: number): ServingJudgement {
  const demand = servingDemand(plan, people);
  const { limits, model } = plan.serving;
  if (!limits) {
    return {
      verdict: 'unknown',
      demand,
      remedies: [
        `Read the limits of ${model} on the workspace's page of Foundation Model limits and write them under ` +
          'serving.limits in the plan.',
        `They must be at least: ${demandText(demand)}.`,
      ],
    };
  }
  const shortages = [
    { name: 'input tokens a minute', wanted: demand.inputTokensPerMinute, limit: limits.inputTokensPerMinute },
    { name: 'output tokens a minute', wanted: demand.outputTokensPerMinute, limit: limits.outputTokensPerMinute },
    { name: 'requests an hour', wanted: demand.queriesPerHour, limit: limits.queriesPerHour },
  ].filter(({ wanted, limit }) => wanted > limit);
  if (shortages.length === 0) return { verdict: 'enough', demand, limits, remedies: [] };

  const served = Math.floor(people * Math.min(...shortages.map(({ wanted, limit }) => limit / wanted)));
  const cut = maxTokensThatFit(plan, demand, limits);
  return {
    verdict: 'short',
    demand,
    limits,
    remedies: [
      ...shortages.map(
        ({ name, wanted, limit }) =>
          `Too few ${name}: ${count(wanted)} are needed, ${count(limit)} are allowed. Beyond that, requests are ` +
          'refused with 429.',
      ),
      ...(cut === undefined
        ? []
        : [
            `Write ${fieldOfOutputTokens(plan)}: ${cut} or less into the plan, before the clusters are made: each ` +
              'request then reserves less (it becomes CLAUDE_CODE_MAX_OUTPUT_TOKENS there).',
          ]),
      `Ask Databricks for higher limits on ${model}, or for provisioned throughput, which has no limit in tokens.`,
      'Spread people over several models: each has limits of its own.',
      `Work in turns: about ${count(served)} of ${count(people)} people fit at this rate.`,
    ],
  };
}

/** Below this Claude Code cuts its own answers short, so it is no remedy. */
const FEWEST_OUTPUT_TOKENS = 4_000;

function maxTokensThatFit(plan: ServingPlan, demand: ServingDemand, limits: ServingLimits): number | undefined {
  if (demand.outputTokensPerMinute <= limits.outputTokensPerMinute) return undefined;
  const each = Math.floor(limits.outputTokensPerMinute / demand.requestsPerMinute);
  return each >= FEWEST_OUTPUT_TOKENS && each < mostOutputTokens(plan) ? each : undefined;
}

/** `4,200,000 input tokens a minute, …`: for the sign-off and `plan`. */
export function demandText(demand: ServingDemand): string {
  return (
    `${count(demand.inputTokensPerMinute)} input tokens a minute, ${count(demand.outputTokensPerMinute)} output ` +
    'tokens a minute ' +
    `(as reserved by max_tokens) and ${count(demand.queriesPerHour)} requests an hour`
  );
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
