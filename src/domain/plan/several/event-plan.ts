import { z } from 'zod';
import { azureMachine } from '../../replayed/made/azure-machine.ts';
import { oneLine } from '../fields/names.ts';
import { workspaceAddress } from '../fields/workspace-address.ts';
import { noPlan, PLAN_FIELDS, planIn, problemsOf, type NoPlan, type PlanRead } from '../plan-file.ts';
import { planMessage } from '../plan-messages.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { parsePlan, type ParsedPlan } from '../syntax/plan-syntax.ts';
import { lineOf } from '../yaml-places.ts';

/** How people are spread over workspaces: each to where the fewest are so far, or one workspace after the other. */
export const SPLITS = ['evenly', 'in order'] as const;
export type Split = (typeof SPLITS)[number];

/** What bounds how many people a workspace takes, beside what is known of every workspace. */
export interface Bounds {
  readonly people?: number | undefined;
  /** Prefix length of each of its two subnets: 24 means /24. */
  readonly subnet?: number | undefined;
  /** Free in the quota of the plan's machine. */
  readonly vCpus?: number | undefined;
}

/** One workspace of an event, with the plan of its own workshop. */
export interface PartPlan {
  readonly name: string;
  readonly plan: Plan;
  /** Nobody wrote serving.model: the workspace's list decides. */
  readonly modelLeftOut: boolean;
  readonly bounds: Bounds;
}

/** A plan for several workspaces: a workshop in each, and people on one roster. */
export interface EventPlan {
  readonly id: string;
  readonly title: string;
  readonly split: Split;
  /** Two at least. */
  readonly parts: readonly PartPlan[];
}

export type AnyPlanReading = PlanRead | { readonly ok: true; readonly event: EventPlan } | NoPlan;

const MOST_WORKSPACES = 50;
/** Of a workshop: clusters and workflows are named by it. */
const LONGEST_ID = 40;

const subnet = z
  .string()
  .regex(/^\/(1\d|2[0-6])$/, 'must be the size of each of the two subnets, from /10 to /26, like /24')
  .transform((text) => Number(text.slice(1)));

/** What may be said of one workspace: what bounds it, and fields of the plan, which are read with the rest. */
const ofOneWorkspace = z.strictObject({
  workspace: workspaceAddress,
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,19}$/, 'must be 1 to 20 lower-case letters, digits and dashes')
    .optional(),
  people: z.int().min(1).max(10_000).optional(),
  subnet: subnet.optional(),
  vCpus: z.int().min(1).max(1_000_000).optional(),
  compute: z.unknown().optional(),
  unityCatalog: z.unknown().optional(),
  serving: z.unknown().optional(),
  apps: z.unknown().optional(),
  prices: z.unknown().optional(),
  contacts: z.unknown().optional(),
  testers: z.unknown().optional(),
  attendeeGroup: z.unknown().optional(),
  place: z.unknown().optional(),
});

const severalWorkspaces = z.looseObject({
  id: oneLine(40),
  split: z.enum(SPLITS).default('evenly'),
  workspaces: z.array(ofOneWorkspace).min(2).max(MOST_WORKSPACES),
});

/** Fields of an entry that are no fields of a plan. */
const ABOUT_THE_ENTRY = ['name', 'people', 'subnet', 'vCpus'];

/**
 * Reads a plan, for one workspace or for several. Every problem is found in one go, with its field and line. Never
 * throws. Of several, each has a plan of its own: the file's fields, with those that its entry says otherwise.
 */
export function readAnyPlan(text: string, fileName: string): AnyPlanReading {
  const { parsed, problems: secrets } = parsePlan(text, fileName, PLAN_FIELDS);
  if (!parsed) return noPlan(secrets);
  if (!Object.hasOwn(parsed.raw, 'workspaces')) return planIn(parsed, secrets);
  const { raw, places, lines } = parsed;
  const at = (path: readonly (string | number)[]) => lineOf(places, lines, path);
  const several = severalWorkspaces.safeParse(raw, { error: planMessage });
  const problems = [
    ...problemsOf(several.error?.issues ?? [], parsed),
    ...(Object.hasOwn(raw, 'workspace')
      ? [{ field: 'workspace', line: at(['workspace']), message: 'is one of "workspaces" already: take it away here' }]
      : []),
  ];
  if (!several.success || problems.length > 0) return noPlan([...secrets, ...problems]);
  const { id, split, workspaces } = several.data;
  const readings = workspaces.map((entry, n) => {
    const name = entry.name ?? String(n + 1);
    return { name, entry, reading: planIn(ofPart(parsed, n, `${id}-${name}`), secrets) };
  });
  const wrong = readings.flatMap(({ reading }) => (reading.ok ? [] : reading.problems));
  const parts = readings.flatMap(({ name, entry, reading }) => {
    const { people, subnet: prefix, vCpus } = entry;
    return reading.ok ? [{ ...reading, name, bounds: { people, subnet: prefix, vCpus } }] : [];
  });
  const clashes = [...twice(parts, at), ...uncounted(parts, at)];
  if (wrong.length + clashes.length > 0) return noPlan(each([...wrong, ...clashes]));
  const { title } = (parts[0] as PartPlan).plan;
  return { ok: true, event: { id, title, split, parts } };
}

/** What is written about one workspace: its entry's fields over the file's. */
function ofPart({ raw, places, lines }: ParsedPlan, n: number, id: string): ParsedPlan {
  const { workspaces, split: _, ...rest } = raw;
  const entry = Object.entries((workspaces as Record<string, unknown>[])[n] ?? {});
  const fields = Object.fromEntries(entry.filter(([name]) => !ABOUT_THE_ENTRY.includes(name)));
  return {
    raw: { ...(over(rest, fields) as Record<string, unknown>), id },
    places: [
      // What stands in the entry is found before what it stands for.
      ...places.flatMap((place) =>
        place.path[0] === 'workspaces' && place.path[1] === n && place.path.length > 2
          ? [{ ...place, path: place.path.slice(2) }]
          : [],
      ),
      ...places.filter(({ path }) => path[0] !== 'workspaces'),
    ],
    lines,
  };
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Section by section; lists and values as a whole. */
function over(below: unknown, above: unknown): unknown {
  if (!isSection(below) || !isSection(above)) return above;
  const merged = Object.entries(above).map(([name, value]) => [
    name,
    Object.hasOwn(below, name) ? over(below[name], value) : value,
  ]);
  return { ...below, ...Object.fromEntries(merged) };
}

type At = (path: readonly (string | number)[]) => number;

/** Two workshops in one workspace would share its limits, and neither would know. */
function twice(parts: readonly PartPlan[], at: At): Problem[] {
  return parts.flatMap(({ name, plan }, n) => {
    const before = parts.slice(0, n);
    const problem = (field: 'workspace' | 'name', message: string) => ({
      field: `workspaces[${n}].${field}`,
      line: at(['workspaces', n, field]),
      message,
    });
    return [
      ...(plan.id.length > LONGEST_ID
        ? [
            problem(
              'name',
              `makes "${plan.id}" of the id, longer than ${LONGEST_ID} characters: shorten one of the two`,
            ),
          ]
        : []),
      ...(before.some((part) => part.plan.workspace === plan.workspace)
        ? [problem('workspace', 'is in the list twice: keep one of the two')]
        : []),
      ...(before.some((part) => part.name === name) ? [problem('name', `is another's name too: "${name}"`)] : []),
    ];
  });
}

/** A quota bounds only where it is known what a machine takes of it. */
function uncounted(parts: readonly PartPlan[], at: At): Problem[] {
  return parts.flatMap(({ plan, bounds }, n) =>
    bounds.vCpus === undefined || azureMachine(plan.compute.nodeType) !== undefined
      ? []
      : [
          {
            field: `workspaces[${n}].vCpus`,
            line: at(['workspaces', n, 'vCpus']),
            message: `is not to be counted with: nothing tells how many a ${plan.compute.nodeType} has; write people`,
          },
        ],
  );
}

/** A field of the whole file is wrong once, however many workspaces there are. */
function each(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
