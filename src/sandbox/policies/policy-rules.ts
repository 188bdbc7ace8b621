import { z } from 'zod';
import { invalidParameter } from '../http/errors.ts';
import { readAt, removeAt, writeAt } from './spec-paths.ts';
import type { JsonObject, JsonValue } from './spec-paths.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const limiting = { defaultValue: scalar.optional(), isOptional: z.boolean().optional(), hidden: z.boolean().optional() };
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
 * Reads a policy definition, which the API takes as a JSON string (facts/databricks.md section 8).
 * @throws 400 INVALID_PARAMETER_VALUE naming the element that is wrong.
 */
export function parsePolicyDefinition(source: string): PolicyDefinition {
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch {
    throw invalidParameter('Invalid policy definition: it is not valid JSON');
  }
  const result = definition.safeParse(json);
  if (result.success) {
    for (const [path, { type, ...rest }] of Object.entries(result.data)) {
      if (type === 'regex') compile(path, (rest as { pattern: string }).pattern);
    }
    return result.data;
  }
  const issue = result.error.issues[0];
  throw invalidParameter(`Invalid policy definition: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not accepted'}`);
}

/**
 * Fills in what the policy supplies and refuses what it does not allow. A `fixed` value is supplied always, a `defaultValue`
 * only when the request asks for defaults (facts/databricks.md section 8).
 * @param spec is changed in place.
 * @throws 400 INVALID_PARAMETER_VALUE with every violation, joined as the real workspace joins them.
 */
export function applyPolicy(policy: PolicyDefinition, spec: JsonObject, virtuals: Virtuals, useDefaults: boolean): void {
  const violations: string[] = [];
  for (const [pattern, rule] of Object.entries(policy)) {
    if (pattern === 'cluster_type' || pattern === 'dbus_per_hour') {
      const found = violation(rule, pattern, virtuals[pattern]);
      if (found) violations.push(found);
      continue;
    }
    for (const path of expand(pattern, spec)) {
      supply(rule, path, spec, useDefaults);
      const found = violation(rule, path, readAt(spec, path));
      if (found) violations.push(found);
    }
  }
  if (violations.length > 0) throw invalidParameter(`Cluster validation error: ${violations.join('; ')}`);
}

function supply(rule: Rule, path: string, spec: JsonObject, useDefaults: boolean): void {
  const given = readAt(spec, path);
  if (given === null) removeAt(spec, path);
  if (given !== undefined && given !== null) return;
  if (rule.type === 'fixed') writeAt(spec, path, rule.value);
  else if (useDefaults && rule.type !== 'forbidden' && rule.defaultValue !== undefined) writeAt(spec, path, rule.defaultValue);
}

/** The sentence for a violation, in both wordings that a real workspace uses; undefined when all is well. */
function violation(rule: Rule, path: string, given: JsonValue | undefined): string | undefined {
  const subject = failedFor(path);
  const is = given === undefined ? '' : ` (is "${shown(given)}")`;
  if (rule.type === 'forbidden') return given === undefined ? undefined : `${subject} must not be present${is}`;
  if (given === undefined) {
    if (rule.type === 'fixed') return `${subject} must be ${rule.value}`;
    return rule.isOptional ? undefined : `${subject} must be present`;
  }
  switch (rule.type) {
    case 'fixed':
      return same(given, rule.value) ? undefined : `${subject} must be ${rule.value}${is}`;
    case 'allowlist':
      return rule.values.some((value) => same(given, value)) ? undefined : `${subject} must be one of ${rule.values.join(', ')}${is}`;
    case 'blocklist':
      return rule.values.some((value) => same(given, value)) ? `${subject} must not be one of ${rule.values.join(', ')}${is}` : undefined;
    case 'regex':
      return compile(path, rule.pattern).test(shown(given)) ? undefined : `${subject} must match ${rule.pattern}${is}`;
    case 'range':
      return inRange(given, rule) ? undefined : `${subject} must be between ${rule.minValue ?? '-infinity'} and ${rule.maxValue ?? 'infinity'}${is}`;
    case 'unlimited':
      return undefined;
    default:
      return rule satisfies never;
  }
}

function failedFor(path: string): string {
  const [root = '', ...rest] = path.split('.');
  return ['custom_tags', 'spark_conf', 'spark_env_vars'].includes(root)
    ? `Validation failed for ${root}, ${rest.join('.')}`
    : `Validation failed for ${path}, the value`;
}

function inRange(given: JsonValue, rule: { minValue?: number | undefined; maxValue?: number | undefined }): boolean {
  const value = Number(given);
  return !Number.isNaN(value) && value >= (rule.minValue ?? Number.NEGATIVE_INFINITY) && value <= (rule.maxValue ?? Number.POSITIVE_INFINITY);
}

const shown = (value: JsonValue): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const same = (given: JsonValue, wanted: string | number | boolean): boolean => shown(given) === String(wanted);

function compile(path: string, pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    throw invalidParameter(`Invalid policy definition: ${path}: '${pattern}' is not a regular expression`);
  }
}

/** `init_scripts.*.volumes.destination` stands for every element that the request has. */
function expand(pattern: string, spec: JsonObject): string[] {
  const [head, tail] = pattern.split('.*.', 2) as [string, string | undefined];
  if (tail === undefined) return [pattern];
  const list = readAt(spec, head);
  return Array.isArray(list) ? list.map((_, index) => `${head}.${index}.${tail}`) : [];
}
