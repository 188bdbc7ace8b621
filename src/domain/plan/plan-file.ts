import type { LineCounter } from 'yaml';
import type { z } from 'zod';
import { signOffIds } from '../replayed/checklist/lines.ts';
import { knownFields, nearestField } from './known-fields.ts';
import { planMessage } from './plan-messages.ts';
import { planSchema, type Plan, type Remark } from './plan.ts';
import type { Problem } from './problem.ts';
import { parsePlan, shownField, type ParsedPlan } from './syntax/plan-syntax.ts';
import { fieldName, lineOf, placeOf, type Place } from './yaml-places.ts';

export { formatProblem, type Problem } from './problem.ts';

/** A plan that can be carried out, as far as its file tells. */
export interface PlanRead {
  readonly ok: true;
  readonly plan: Plan;
  /** Nobody wrote serving.model: the workspace's list decides. */
  readonly modelLeftOut: boolean;
}

export interface NoPlan {
  readonly ok: false;
  readonly problems: readonly Problem[];
}

export type PlanReading = PlanRead | NoPlan;

/** The paths of a plan's fields. */
export const PLAN_FIELDS = knownFields(planSchema);

/** Keys people write who think of another way to say it. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  end: 'the end follows from start and length, like length: 4h',
  duration: 'it is called length here, like length: 4h',
  host: 'it is called workspace here',
  attendees: 'people are in a file of their own, named by roster',
  workspaces: 'this is about one workspace of several: name it behind the file, like my-workshop.yaml#north',
};

/**
 * Reads a plan. Every problem is found in one go, with its field and line; nothing that looks like a credential is
 * accepted or repeated. Never throws. The plan has its defaults filled in and its durations in milliseconds.
 */
export function readPlan(text: string, fileName: string): PlanReading {
  const { parsed, problems } = parsePlan(text, fileName, PLAN_FIELDS);
  return parsed ? planIn(parsed, problems) : noPlan(problems);
}

/** Judges what is written. @param secrets what is written there and must not be */
export function planIn({ raw, places, lines }: ParsedPlan, secrets: readonly Problem[]): PlanReading {
  const result = planSchema.safeParse(raw, { error: planMessage });
  const unknown = result.success ? blockingProblems(result.data, places, lines) : [];
  if (result.success && secrets.length + unknown.length === 0)
    return { ok: true, plan: result.data, modelLeftOut: !placeOf(places, ['serving', 'model']) };
  const fields = problemsOf(result.error?.issues ?? [], { places, lines });
  const hidden = new Set(secrets.map((problem) => problem.field));
  return noPlan([...secrets, ...unknown, ...fields.filter((problem) => !hidden.has(problem.field))]);
}

/** In the order of the file. */
export function noPlan(problems: readonly Problem[]): NoPlan {
  return { ok: false, problems: [...problems].sort((a, b) => a.line - b.line) };
}

/** What zod found, with its lines, and what people may have meant. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  { places, lines }: Pick<ParsedPlan, 'places' | 'lines'>,
): Problem[] {
  return telltale(issues).flatMap((issue) => fieldProblems(issue, places, lines));
}

/** Which sign-offs there are depends on the whole plan, so this is known only once everything else is right. */
function blockingProblems(plan: Plan, places: readonly Place[], lines: LineCounter): Problem[] {
  const known: readonly string[] = signOffIds(plan);
  return plan.blocking.flatMap((id, index) => {
    const path = ['blocking', index];
    return known.includes(id)
      ? []
      : [
          {
            field: fieldName(path),
            line: lineOf(places, lines, path),
            message: `there is no sign-off called ${id}; this plan has ${known.join(', ')}`,
          },
        ];
  });
}

/** Of a value of the wrong kind, that; its length, which zod measures all the same, says nothing. */
function telltale(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const wrongKind = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => fieldName(path)));
  return issues.filter(
    ({ code, path }) => code === 'invalid_type' || code === 'unrecognized_keys' || !wrongKind.has(fieldName(path)),
  );
}

function fieldProblems(issue: z.core.$ZodIssue, places: readonly Place[], lines: LineCounter): Problem[] {
  if (issue.code !== 'unrecognized_keys') {
    const { path, message } = remarkOn(issue, places);
    return [{ field: fieldName(path), line: lineOf(places, lines, path), message }];
  }
  const parent = fieldName(issue.path);
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const nearest = nearestField(PLAN_FIELDS, parent, key);
    const advice =
      (parent === '' && Object.hasOwn(OTHER_WORDS, key) ? OTHER_WORDS[key] : undefined) ??
      (nearest ? `did you mean ${nearest}?` : 'take it away, or see workshop.example.yaml');
    return {
      field: shownField(path),
      line: lineOf(places, lines, path),
      message: `is not a field of a plan: ${advice}`,
    };
  });
}

/** Of two fields that clash, one a person wrote: the other may only have its default. */
function remarkOn(
  issue: z.core.$ZodIssue,
  places: readonly Place[],
): { readonly path: readonly PropertyKey[]; readonly message: string } {
  const other = issue.code === 'custom' ? (issue.params?.['unwritten'] as Remark | undefined) : undefined;
  return other && !placeOf(places, issue.path) && placeOf(places, other.path) ? other : issue;
}
