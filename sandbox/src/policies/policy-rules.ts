import { z } from 'zod';
import { fits, wholePattern } from './bounded-pattern.ts';
import { invalidParameter } from '../http/errors.ts';
import { latestSparkVersion } from '../region/spark-versions.ts';
import { pathsOf, readAt, removeAt, writeAt } from './spec-paths.ts';
import type { JsonObject, JsonValue } from './spec-paths.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const limiting = {
  defaultValue: scalar.optional(),
  isOptional: z.boolean().optional(),
  hidden: z.boolean().optional(),
};
const rule = z.discriminatedUnion('type', [
  z.object({ type: z.literal('fixed'), value: scalar, hidden: z.boolean().optional() }),
  z.object({ type: z.literal('forbidden'), hidden: z.boolean().optional() }),
  z.object({ type: z.literal('allowlist'), values: z.array(scalar).min(1), ...limiting }),
  z.object({ type: z.literal('blocklist'), values: z.array(scalar).min(1), ...limiting }),
  z.object({ type: z.literal('regex'), pattern: z.string().max(1_000), ...limiting }),
  z.object({ type: z.literal('range'), minValue: z.number().optional(), maxValue: z.number().optional(), ...limiting }),
  z.object({ type: z.literal('unlimited'), ...limiting }),
]);
const definition = z.record(z.string().min(1), rule);

type Rule = z.output<typeof rule>;
export type PolicyDefinition = z.output<typeof definition>;

/** What a policy can constrain without it being a field of the request. */
export interface Virtuals {
  readonly cluster_type: string;
  readonly dbus_per_hour: number;
}

/**
 * Reads a policy definition, which the API takes as a JSON string (docs/facts/databricks.md section 8).
 * @throws 400 INVALID_PARAMETER_VALUE naming the element that is wrong.
 */
export function parsePolicyDefinition(source: string): PolicyDefinition {
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch {
    throw invalidParameter(`Invalid policy definition: it is not valid JSON`);
  }
  const result = definition.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalidParameter(
      `Invalid policy definition: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not accepted'}`,
    );
  }
  for (const [path, one] of Object.entries(result.data)) check(path, one);
  return result.data;
}

function check(path: string, one: Rule): void {
  if (one.type === 'range') {
    if (one.minValue === undefined && one.maxValue === undefined)
      throw invalidParameter(`Invalid policy definition: ${path}: a range needs minValue or maxValue`);
    if ((one.minValue ?? Number.NEGATIVE_INFINITY) > (one.maxValue ?? Number.POSITIVE_INFINITY))
      throw invalidParameter(`Invalid policy definition: ${path}: minValue is greater than maxValue`);
  }
  if (one.type === 'regex') {
    try {
      wholePattern(one.pattern);
    } catch {
      throw invalidParameter(`Invalid policy definition: ${path}: '${one.pattern}' is not a regular expression`);
    }
  }
  const given = one.type === 'fixed' || one.type === 'forbidden' ? undefined : one.defaultValue;
  if (given !== undefined && problem(one, path, given) !== undefined)
    throw invalidParameter(
      `Invalid policy definition: ${path}: the default value ${given} is not allowed by the policy itself`,
    );
}

/**
 * Fills in what the policy supplies and refuses what it does not allow. A `fixed` value is supplied always, a
 * `defaultValue` only when the request asks for defaults (docs/facts/databricks.md section 8).
 * @param spec is changed in place.
 * @throws 400 INVALID_PARAMETER_VALUE with every violation, joined as the real workspace joins them.
 */
export function applyPolicy(
  policy: PolicyDefinition,
  spec: JsonObject,
  virtualsOf: (spec: JsonObject) => Virtuals,
  useDefaults: boolean,
): void {
  const found: string[] = [];
  const note = (sentence: string | undefined): void => {
    if (sentence !== undefined) found.push(sentence);
  };
  for (const [pattern, one] of Object.entries(policy)) {
    if (isVirtual(pattern)) continue;
    for (const path of pathsOf(pattern, spec)) {
      // What is said of one element counts before what is said of all.
      if (path !== pattern && Object.hasOwn(policy, path)) continue;
      supply(one, path, spec, useDefaults);
      note(violation(one, path, readAt(spec, path)));
    }
  }
  // Last, because what the policy supplied counts in them.
  const virtuals = virtualsOf(spec);
  for (const [path, one] of Object.entries(policy)) {
    if (isVirtual(path)) note(violation(one, path, virtuals[path]));
  }
  if (found.length > 0) throw invalidParameter(`Cluster validation error: ${found.join('; ')}`);
}

const isVirtual = (path: string): path is keyof Virtuals => path === 'cluster_type' || path === 'dbus_per_hour';

function supply(one: Rule, path: string, spec: JsonObject, useDefaults: boolean): void {
  const given = readAt(spec, path);
  if (given === null) removeAt(spec, path);
  if (given !== undefined && given !== null) return;
  if (one.type === 'fixed') writeAt(spec, path, meant(path, one.value));
  else if (useDefaults && one.type !== 'forbidden' && one.defaultValue !== undefined)
    writeAt(spec, path, meant(path, one.defaultValue));
}

/** The sentence for a violation, in both wordings that a real workspace uses; undefined when all is well. */
function violation(one: Rule, path: string, given: JsonValue | undefined): string | undefined {
  const is = given === undefined ? '' : ` (is "${shown(given)}")`;
  const wrong = given === undefined || given === null ? missing(one) : problem(one, path, given);
  return wrong === undefined ? undefined : `${failedFor(path)} ${wrong}${is}`;
}

function missing(one: Rule): string | undefined {
  if (one.type === 'forbidden') return undefined;
  if (one.type === 'fixed') return `must be ${one.value}`;
  return one.isOptional ? undefined : 'must be present';
}

function problem(one: Rule, path: string, given: JsonValue): string | undefined {
  switch (one.type) {
    case 'forbidden':
      return 'must not be present';
    case 'fixed':
      return same(given, meant(path, one.value)) ? undefined : `must be ${meant(path, one.value)}`;
    case 'allowlist':
      return one.values.some((value) => same(given, meant(path, value)))
        ? undefined
        : `must be one of ${one.values.join(', ')}`;
    case 'blocklist':
      return one.values.some((value) => same(given, meant(path, value)))
        ? `must not be one of ${one.values.join(', ')}`
        : undefined;
    case 'regex':
      return fits(wholePattern(one.pattern), shown(given)) ? undefined : `must match ${one.pattern}`;
    case 'range':
      return inRange(given, one)
        ? undefined
        : `must be between ${one.minValue ?? '-infinity'} and ${one.maxValue ?? 'infinity'}`;
    case 'unlimited':
      return undefined;
    default:
      return one satisfies never;
  }
}

function failedFor(path: string): string {
  const [root = '', ...rest] = path.split('.');
  return ['custom_tags', 'spark_conf', 'spark_env_vars'].includes(root)
    ? `Validation failed for ${root}, ${rest.join('.')}`
    : `Validation failed for ${path}, the value`;
}

function inRange(
  given: JsonValue,
  { minValue, maxValue }: { minValue?: number | undefined; maxValue?: number | undefined },
): boolean {
  const value = typeof given === 'boolean' || given === '' ? Number.NaN : Number(given);
  return value >= (minValue ?? Number.NEGATIVE_INFINITY) && value <= (maxValue ?? Number.POSITIVE_INFINITY);
}

/** A policy may say `auto:latest-lts` for the runtime, and means what that is today. */
const meant = (path: string, value: string | number | boolean): string | number | boolean =>
  path === 'spark_version' && typeof value === 'string' ? (latestSparkVersion(value) ?? value) : value;

const shown = (value: JsonValue): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const same = (given: JsonValue, wanted: string | number | boolean): boolean => shown(given) === String(wanted);
