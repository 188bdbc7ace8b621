import { AMENDABLE_FIELDS, fieldOf, type AmendableField, type Amendment } from '../replayed/checklist/amendment.ts';
import type { Timeline } from '../replayed/time/timeline.ts';
import { provisioningPolicyDefinition } from './cluster-policy.ts';
import type { Plan } from './plan.ts';
import { timelineOf } from './timeline-of-plan.ts';

/** What a plan's file says otherwise than the plan that a workshop goes by. */
export interface PlanDifference {
  readonly changes: readonly { readonly field: AmendableField; readonly before: string; readonly after: string }[];
  /** The same, for the workshop: what each field says now, null where the file says nothing. */
  readonly fields: Amendment;
  /** What cannot be amended, and what to use instead. */
  readonly refused: readonly { readonly field: string; readonly instead: string }[];
}

const NEW_WORKSHOP = 'a running workshop keeps it: start a new one, under another id';
const EXTEND = (id: string) => `bin/workshop extend ${id} <how much longer>`;

/** By the beginning of a field's path, the first that fits. */
const INSTEAD: readonly (readonly [string, (id: string) => string])[] = [
  ['start', (id) => `bin/workshop reschedule ${id} <start>`],
  ['offsets', (id) => `the phases move with the start: bin/workshop reschedule ${id} <start>`],
  ['length', EXTEND],
  ['agenda', (id) => `tell the room; for more time: ${EXTEND(id)}`],
  ['teardown.grace', (id) => `${EXTEND(id)}; or, to end it earlier, bin/workshop cancel ${id}`],
  ['roster', (id) => `bin/workshop attendees import <file> ${id}`],
  ['testers', (id) => `bin/workshop attendees add ${id} <email>`],
  ['blocking', (id) => `bin/workshop waive ${id} <item> --reason "…"`],
];

/**
 * Compares the plan's file with the plan and the moments in force. A file that was kept up to date with a move of the
 * start or the end is no other than the plan in force.
 */
export function planDifference(inForce: Plan, timeline: Timeline, file: Plan): PlanDifference {
  const paths = [...new Set([...pathsOf(inForce), ...pathsOf(file)])];
  const differing = paths.filter((path) => said(inForce, path) !== said(file, path));
  const changed = AMENDABLE_FIELDS.filter((field) => differing.some((path) => isIn(path, field)));
  const others = differing.filter((path) => !AMENDABLE_FIELDS.some((field) => isIn(path, field)));
  const moved = timelineOf(file);
  const isFollowed = (path: string): boolean =>
    (path === 'start' && moved.start === timeline.start) ||
    (path === 'length' && moved.end - moved.start === timeline.end - timeline.start) ||
    (path === 'teardown.grace' && moved.teardown - moved.end === timeline.teardown - timeline.end);
  return {
    changes: changed.map((field) => ({
      field,
      before: shown(fieldOf(inForce, field)),
      after: shown(fieldOf(file, field)),
    })),
    fields: Object.fromEntries(changed.map((field) => [field, fieldOf(file, field) ?? null])),
    refused: [
      ...[...new Set(others.map((path) => path.replace(/\.\d+$/, '')))]
        .filter((path) => !isFollowed(path))
        .map((field) => ({
          field,
          instead: INSTEAD.find(([begin]) => isIn(field, begin))?.[1](inForce.id) ?? NEW_WORKSHOP,
        })),
      ...tooLongIdle(inForce, file),
    ],
  };
}

/** The policy exists already, and refuses clusters that are to stay idle for longer than it was made for. */
function tooLongIdle(inForce: Plan, file: Plan): PlanDifference['refused'] {
  const rule = provisioningPolicyDefinition(inForce)['autotermination_minutes'];
  const longest = rule?.type === 'range' ? rule.maxValue : Infinity;
  return file.compute.autoTerminationMinutes <= longest
    ? []
    : [
        {
          field: 'compute.autoTerminationMinutes',
          instead: `the workshop's policy allows ${longest} minutes at most: name no more than that`,
        },
      ];
}

const isIn = (path: string, field: string): boolean => path === field || path.startsWith(`${field}.`);
/** An empty section says as little as one that is not there. */
const said = (plan: Plan, path: string): string | undefined => {
  const text = JSON.stringify(fieldOf(plan, path));
  return text === '{}' ? undefined : text;
};

/** Every value's path; an empty list has one, too. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([name, inner]) =>
    pathsOf(inner, path === '' ? name : `${path}.${name}`),
  );
  return below.length > 0 ? below : [path];
}

/** `name Ann, contact ann@example.com`: as people read it. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length > 0 ? value.map(shown).join(', ') : 'none';
  if (typeof value !== 'object') return JSON.stringify(value).replace(/^"|"$/g, '');
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${shown(inner)}`)
    .join(', ');
}
