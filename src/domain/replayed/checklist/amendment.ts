import type { Plan } from '../../plan/plan.ts';
import { isDone, isForAPerson, type Item } from './item.ts';
import { HEADINGS, linesOf, type Heading, type LineId, type PlannedLine } from './lines.ts';

/** What clusters that are made from then on are told. */
const CLAUDE_CODE = [
  'claudeCode.maxOutputTokens',
  'claudeCode.smallModel',
  'claudeCode.gateway',
  'claudeCode.headers',
  'claudeCode.allow',
  'claudeCode.withoutQuestions',
] as const;

/** The fields of a plan that may change while its workshop runs, as paths. */
export const AMENDABLE_FIELDS = [
  'title',
  'contacts.leadFacilitator',
  'contacts.databricksAdmin',
  'contacts.networkSupport',
  'contacts.helpers',
  'place',
  'feedback',
  'messages',
  'web',
  'apps',
  'serving.model',
  'serving.limits',
  'serving.demand',
  ...CLAUDE_CODE,
  'prices.vmPerHour',
  'prices.dbuPerHour',
  'prices.perDbu',
  'prices.apps',
  'prices.tokens',
  'compute.breaker',
  'compute.nodeType',
  'compute.fallbackNodeTypes',
  'compute.sparkVersion',
  'compute.autoTerminationMinutes',
  'compute.pool.margin',
  'compute.pool.spares',
] as const;
export type AmendableField = (typeof AMENDABLE_FIELDS)[number];

/** What is changed of a plan: field → what it says now. Null: nothing any more. */
export type Amendment = Readonly<Partial<Record<AmendableField, unknown>>>;

/** All that was amended since the lifecycle began, and who asked for what, the oldest first. */
export interface Amended {
  readonly fields: Amendment;
  readonly log: readonly AmendedBy[];
}

export interface AmendedBy {
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly fields: readonly string[];
}

/** Somebody's script must not fill the state; `history` has them all. */
const LOG_KEPT = 50;

/** @param now epoch milliseconds */
export function withAmendment(
  before: Amended | undefined,
  { by, fields }: { readonly by: string; readonly fields: Amendment },
  now: number,
): Amended {
  return {
    fields: { ...before?.fields, ...fields },
    log: [...(before?.log ?? []), { by, at: now, fields: Object.keys(fields) }].slice(-LOG_KEPT),
  };
}

/** What a plan says of a field written as a path. */
export function fieldOf(plan: Plan, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name], plan);
}

/** The plan with what was amended. What it began with stays as it is. */
export function amendedPlan(plan: Plan, fields: Amendment | undefined): Plan {
  if (fields === undefined) return plan;
  return Object.entries(fields).reduce((whole, [field, value]) => withField(whole, field.split('.'), value), plan);
}

function withField<T extends object>(object: T, [name = '', ...below]: readonly string[], value: unknown): T {
  const inner = (object as Readonly<Record<string, unknown>>)[name];
  if (below.length > 0) return { ...object, [name]: withField(inner ?? {}, below, value) };
  const { [name]: _, ...rest } = object as Record<string, unknown>;
  return (value === null ? rest : { ...object, [name]: value }) as T;
}

const says = (plan: Plan, field: string): string | undefined => JSON.stringify(fieldOf(plan, field));

/** What a plan says otherwise than another, of what may change. */
export const amendmentOf = (before: Plan, after: Plan, besides: Amendment = {}): Amendment =>
  Object.fromEntries(
    AMENDABLE_FIELDS.filter((field) => field in besides || says(before, field) !== says(after, field)).map((field) => [
      field,
      fieldOf(after, field) ?? null,
    ]),
  );

/**
 * The plan in force after a lifecycle is taken over: what its file says otherwise than the earlier one began with was
 * written later than what was amended.
 * @param began what the earlier lifecycle began with
 */
export function planTakenOver(began: Plan, file: Plan, amended: Amendment = {}): Plan {
  const kept = Object.entries(amended).filter(([field]) => says(began, field) === says(file, field));
  return amendedPlan(file, Object.fromEntries(kept));
}

const ENDPOINT: readonly AmendableField[] = ['serving.model', 'claudeCode.smallModel', 'claudeCode.gateway'];
const SERVING: readonly AmendableField[] = [
  'serving.model',
  'serving.limits',
  'serving.demand',
  'claudeCode.maxOutputTokens',
];
const MACHINE: readonly AmendableField[] = ['compute.nodeType', 'compute.sparkVersion', ...CLAUDE_CODE];

/** What an amendment makes doubtful: these lines were tried with what the plan said before. */
const TRIED_WITH: Readonly<Partial<Record<LineId, readonly AmendableField[]>>> = {
  endpoint: ENDPOINT,
  'endpoint-responsive': ENDPOINT,
  access: ENDPOINT,
  'serving-capacity': SERVING,
  canary: MACHINE,
  letters: ['messages'],
  apps: ['apps'],
  'apps-again': ['apps'],
};

/**
 * Lines that are gone through once more after an amendment. What a person answered or waived stays so. Once the day has
 * begun, the canary is not asked again: people's own clusters come first.
 */
export function triedAgain(items: readonly Item[], fields: Amendment, heading: Heading): LineId[] {
  const isTheDay = HEADINGS.indexOf(heading) >= HEADINGS.indexOf('day of');
  return (
    items
      .filter((item) => TRIED_WITH[item.id]?.some((field) => field in fields))
      .filter((item) => !isForAPerson(item) && item.by === undefined && item.state !== 'waiting')
      .filter(({ id }) => id !== 'canary' || !isTheDay)
      // Letters that reached a channel are not sent twice.
      .filter(({ id }) => id !== 'letters' || items.some((item) => item.id === 'letters-sent' && !isDone(item)))
      .map(({ id }) => id)
  );
}

/** The line about the endpoint's limits, where the amended plan asks it in another way, and nobody has answered it. */
export function askedOtherwise(items: readonly Item[], plan: Plan): PlannedLine | undefined {
  const item = items.find(({ id }) => id === 'serving-capacity');
  const line = linesOf(plan).find(({ id }) => id === 'serving-capacity');
  return item && line && item.by === undefined && item.kind !== line.kind ? line : undefined;
}
