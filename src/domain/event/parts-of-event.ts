import type { EventPlan, PartPlan } from '../plan/several/event-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { roomOf, type PartRoom } from './rooms.ts';
import { splitPeople, type SplitPeople } from './split.ts';

/** One workspace of an event, with its people. */
export interface PartOfEvent extends Pick<PartPlan, 'name' | 'modelLeftOut'> {
  /** With the testers that are in it. */
  readonly plan: Plan;
  /** Attendees, in the roster's order. */
  readonly people: readonly string[];
  readonly room: PartRoom;
}

/** People, and what the roster says of where they are to be. */
export interface PeopleOfEvent {
  readonly people: readonly string[];
  readonly wanted?: Readonly<Record<string, string>> | undefined;
}

/**
 * Spreads a roster over the workspaces of a plan.
 * @param placed address → the name of the part that has them already
 */
export function partsOfEvent(
  { parts, split }: Pick<EventPlan, 'parts' | 'split'>,
  { people, wanted = {} }: PeopleOfEvent,
  placed?: ReadonlyMap<string, string>,
): { readonly parts: readonly PartOfEvent[]; readonly nowhere: SplitPeople['nowhere'] } {
  const rooms = new Map(parts.map((part) => [part.name, roomOf(part)]));
  const room = (name: string) => rooms.get(name) as PartRoom;
  const { parts: filled, nowhere } = splitPeople({
    people,
    testers: parts.flatMap(({ plan }) => plan.testers),
    parts: parts.map(({ name, plan: { workspace } }) => ({ name, workspace, room: room(name) })),
    rule: split,
    wanted: { ...wantedByPlan(parts), ...wanted },
    ...(placed ? { placed } : {}),
  });
  return {
    parts: parts.map(({ name, plan, modelLeftOut }) => {
      const { people: there = [], testers = [] } = filled.get(name) ?? {};
      return { name, plan: { ...plan, testers: [...testers] }, modelLeftOut, people: there, room: room(name) };
    }),
    nowhere,
  };
}

/** Testers that one entry names and the others do not are to be there. */
function wantedByPlan(parts: readonly PartPlan[]): Record<string, string> {
  const named = Map.groupBy(
    parts.flatMap(({ name, plan }) => plan.testers.map((email) => ({ email, name }))),
    ({ email }) => email,
  );
  return Object.fromEntries(
    [...named].flatMap(([email, [first, ...others]]) => (first && others.length === 0 ? [[email, first.name]] : [])),
  );
}
