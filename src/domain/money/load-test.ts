import { formatMoney } from './money.ts';
import { REQUEST_BYTES } from './load-request.ts';
import type { Plan } from '../plan/plan.ts';
import type { Gateway } from '../replayed/made/claude-code.ts';
import { mostOutputTokens } from '../replayed/made/claude-settings.ts';
import { MINUTE } from '../replayed/time/units.ts';

/** Everybody at once, at the plan's rate. */
export interface Load {
  readonly people: number;
  readonly minutes: number;
  readonly promptsPerMinute: number;
  /** One for each command that Claude Code runs, and one. */
  readonly requestsPerPrompt: number;
  readonly model: string;
  /** Which of the workspace's addresses is asked; left out, /serving-endpoints/anthropic. */
  readonly gateway?: Gateway;
}

/** Requests of one person in a minute. */
export const requestsAMinute = ({
  promptsPerMinute,
  requestsPerPrompt,
}: Pick<Load, 'promptsPerMinute' | 'requestsPerPrompt'>): number => promptsPerMinute * requestsPerPrompt;

/** How one request ended. */
export interface Sample {
  /** Milliseconds from the beginning of the test to the sending. */
  readonly at: number;
  /** 0 where no answer came. */
  readonly status: number;
  /** Whether a 200 came to its end. */
  readonly whole: boolean;
  /** Milliseconds to the last byte. */
  readonly ms: number;
  /** Of an answer that is none, in a line. */
  readonly said?: string;
}

export interface LoadResult extends Pick<Load, 'gateway'> {
  readonly model: string;
  readonly people: number;
  readonly minutes: number;
  readonly promptsPerMinute: number;
  readonly requestsPerPrompt: number;
  /** Cut short by somebody; what is known until then. */
  readonly interrupted: boolean;
  readonly sent: number;
  /** Meant to be sent, and not: earlier answers took too long. */
  readonly unsent: number;
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  /** Of those sent, from 0 to 1. */
  readonly shareOf429: number;
  /** Milliseconds, of what was answered; null when nothing was. */
  readonly p50: number | null;
  readonly p95: number | null;
  /** People whom the endpoint carries at this rate; null when the test was too short to say. */
  readonly carries: number | null;
  /** All of them were carried, and perhaps more would be. */
  readonly enough: boolean;
  /** The first words of each kind of trouble, with its status. */
  readonly trouble: readonly { readonly status: number; readonly times: number; readonly said: string }[];
}

/** When each request is sent, in milliseconds from the beginning: evenly, as a full room does. */
export function moments(load: Load): number[] {
  const { people, minutes } = load;
  const count = Math.max(1, Math.round(people * requestsAMinute(load) * minutes));
  return Array.from({ length: count }, (_, index) => (index * minutes * MINUTE) / count);
}

/** Claude Code repeats by itself what is refused now and then. */
const BEARABLE = 0.01;

/**
 * What the samples say. Limits are counted by the minute, and may let a first burst through
 * (docs/facts/databricks-workspace.md section 9): of a longer test the first minute is left out of the number of
 * people, and under a minute says nothing about it.
 * @param ranMs how long requests were sent, in milliseconds; shorter than planned when interrupted.
 */
export function judgeLoad(
  load: Load,
  samples: readonly Sample[],
  { ranMs, interrupted }: { readonly ranMs: number; readonly interrupted: boolean },
): LoadResult {
  const { people, minutes, promptsPerMinute, requestsPerPrompt, model } = load;
  const answered = samples.filter(isAnswered);
  const refused = samples.filter(({ status }) => status === 429).length;
  // Of an interrupted test those in flight were given up.
  const unsent = interrupted ? 0 : Math.max(0, moments(load).length - samples.length);
  const ran = Math.min(ranMs, minutes * MINUTE);
  const from = ran >= 2 * MINUTE ? MINUTE : 0;
  const perMinute = answered.filter(({ at }) => at >= from).length / ((ran - from) / MINUTE);
  const longEnough = ran >= MINUTE;
  const enough =
    longEnough &&
    !interrupted &&
    samples.length > 0 &&
    (samples.length + unsent - answered.length) / (samples.length + unsent) <= BEARABLE;
  const times = answered.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    model,
    ...(load.gateway === undefined ? {} : { gateway: load.gateway }),
    people,
    minutes,
    promptsPerMinute,
    requestsPerPrompt,
    interrupted,
    sent: samples.length,
    unsent,
    answered: answered.length,
    refused,
    failed: samples.length - answered.length - refused,
    shareOf429: samples.length === 0 ? 0 : refused / samples.length,
    p50: rank(times, 0.5),
    p95: rank(times, 0.95),
    carries: !longEnough ? null : enough ? people : Math.min(people, Math.floor(perMinute / requestsAMinute(load))),
    enough,
    trouble: troubleIn(samples),
  };
}

const isAnswered = ({ status, whole }: Sample): boolean => status === 200 && whole;
const rank = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;

function troubleIn(samples: readonly Sample[]): LoadResult['trouble'] {
  const found = new Map<number, { times: number; said: string }>();
  for (const { status, said = '' } of samples.filter((sample) => !isAnswered(sample))) {
    const entry = found.get(status) ?? { times: 0, said };
    entry.times += 1;
    found.set(status, entry);
  }
  return [...found].map(([status, entry]) => ({ status, ...entry })).sort((a, b) => b.times - a.times);
}

/** Tokens and money that a test takes, before it does; money only where the plan has prices. */
export function loadCost(
  load: Load,
  plan: Pick<Plan, 'serving' | 'prices'> & Partial<Pick<Plan, 'claudeCode'>>,
): { readonly requests: number; readonly money: string | undefined; readonly lines: readonly string[] } {
  const requests = moments(load).length;
  const { inputTokens, outputTokens } = plan.serving.demand;
  const { tokens, currency } = plan.prices;
  const each = tokens && (inputTokens * tokens.perMillionInput + outputTokens * tokens.perMillionOutput) / 1_000_000;
  const money = each === undefined ? undefined : formatMoney(requests * each, currency);
  return {
    requests,
    money,
    lines: [
      `${count(requests)} requests to ${load.model}${wayWords(load)} in ${span(load.minutes)}, ` +
        `as ${count(load.people)} people at ${paceWords(load)}`,
      `${Math.round(REQUEST_BYTES / 1_000)} KB each: about ${count(inputTokens)} tokens in and ` +
        `${count(outputTokens)} out, with ${count(mostOutputTokens(plan))} reserved`,
      money === undefined
        ? `about ${count(requests * inputTokens)} tokens in and ${count(requests * outputTokens)} out in all; what ` +
          'they cost is not known, because the plan has no prices.tokens'
        : `about ${money} in all (${count(requests * inputTokens)} tokens in, ${count(requests * outputTokens)} out)`,
      'While it runs, everybody else who uses this model in the workspace may be refused.',
    ],
  };
}

/** The result in a sentence: evidence for the checklist. */
export function loadEvidence(result: LoadResult, day: string): string {
  const { people, minutes, model, sent, shareOf429, failed, unsent, p50, p95, interrupted } = result;
  return [
    `Load test of ${day}: ${span(minutes)} as ${count(people)} people at ${paceWords(result)}, ` +
      `${model}${wayWords(result)}${interrupted ? ', interrupted' : ''}`,
    `${count(sent)} requests, ${(shareOf429 * 100).toFixed(1)}% refused with 429` +
      (failed > 0 ? `, ${count(failed)} failed` : '') +
      (unsent > 0 ? `, ${count(unsent)} not sent, because answers took too long` : ''),
    ...(p50 === null || p95 === null ? [] : [`p50 ${seconds(p50)}, p95 ${seconds(p95)}`]),
    carriesText(result),
  ].join('; ');
}

/** Said where it is not the address that everybody knows. */
const wayWords = ({ gateway = 'serving-endpoints' }: Pick<Load, 'gateway'>): string =>
  gateway === 'serving-endpoints' ? '' : ` at /${gateway}/anthropic`;

/** `0.25 prompts of 4 requests a minute each`. */
const paceWords = ({
  promptsPerMinute,
  requestsPerPrompt,
}: Pick<Load, 'promptsPerMinute' | 'requestsPerPrompt'>): string =>
  `${promptsPerMinute} ${promptsPerMinute === 1 ? 'prompt' : 'prompts'} of ${requestsPerPrompt} ` +
  `${requestsPerPrompt === 1 ? 'request' : 'requests'} a minute each`;

function carriesText({ carries, enough, people }: LoadResult): string {
  if (carries === null) return 'too short to say how many people it carries';
  return enough ? `carries all ${count(people)} people` : `carries about ${count(carries)} of ${count(people)} people`;
}

const count = (value: number): string => value.toLocaleString('en-US');
const span = (minutes: number): string => (minutes === 1 ? '1 minute' : `${minutes} minutes`);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
