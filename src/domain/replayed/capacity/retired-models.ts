import type { Plan } from '../../plan/plan.ts';

/** The maker's own dates, as Claude Code prints them (docs/facts/claude-on-databricks.md section 1.2). */
const RETIRED: readonly { readonly model: RegExp; readonly name: string; readonly on?: string }[] = [
  { model: /claude-sonnet-4(?!-\d)/, name: 'Claude Sonnet 4' },
  { model: /claude-sonnet-4-5/, name: 'Claude Sonnet 4.5', on: '2026-11-30' },
  { model: /claude-opus-4-5/, name: 'Claude Opus 4.5', on: '2027-01-22' },
];

const SUCCESSOR = 'databricks-claude-sonnet-4-6';

/**
 * Which Claude that is, and since when, where its maker retires it by then; undefined where not, or nothing is known.
 * @param end epoch milliseconds
 */
export const retiresBefore = (
  model: string,
  end: number,
): { readonly name: string; readonly on?: string } | undefined =>
  RETIRED.find(({ model: named, on }) => named.test(model) && (on === undefined || Date.parse(on) <= end));

/**
 * What is to be said of the plan's model where its maker retires it before the workshop is over; undefined where not.
 * @param end epoch milliseconds
 */
export function retiredModel({ serving: { model } }: Pick<Plan, 'serving'>, end: number): string | undefined {
  const known = retiresBefore(model, end);
  if (known === undefined) return undefined;
  const when = known.on === undefined ? 'was retired by its maker' : `is retired by its maker on ${known.on}`;
  return (
    `${known.name} (${model}) ${when}, before the workshop is over: its endpoint may answer 404 from then on. Name ` +
    `another that your workspace lists under serving.model, like ${SUCCESSOR}.`
  );
}
